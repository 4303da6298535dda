package pe4king.child;

import java.util.Set;

/** Which problems say that something is not as expected; all others are accidents. */
final class Checks {
  private static final Set<String> VALIDATORS =
      Set.of(
          "com.atlassian.oai.validator.restassured.OpenApiValidationFilter"
              + "$OpenApiValidationException",
          "jakarta.validation.ConstraintViolationException",
          "java.lang.AssertionError",
          "javax.validation.ConstraintViolationException",
          "org.awaitility.core.ConditionTimeoutException",
          "org.everit.json.schema.ValidationException",
          "org.openapi4j.core.validation.ValidationException");

  /** They say that a text is no JSON, or not of the wanted type: tests parse answers. */
  private static final Set<String> PARSERS =
      Set.of(
          "com.fasterxml.jackson.core.JsonProcessingException",
          "com.google.gson.JsonParseException",
          "com.google.gson.stream.MalformedJsonException",
          "com.jayway.jsonpath.InvalidJsonException",
          "groovy.json.JsonException",
          "io.restassured.path.json.exception.JsonPathException",
          "jakarta.json.bind.JsonbException",
          "jakarta.json.stream.JsonParsingException",
          "javax.json.bind.JsonbException",
          "javax.json.stream.JsonParsingException",
          "net.minidev.json.parser.ParseException",
          "tools.jackson.core.JacksonException");

  /** Parsers' errors about the test's own types and requests. */
  private static final Set<String> OWN =
      Set.of(
          "com.fasterxml.jackson.core.JsonGenerationException",
          "com.fasterxml.jackson.databind.exc.InvalidDefinitionException",
          "tools.jackson.core.exc.StreamWriteException",
          "tools.jackson.databind.exc.InvalidDefinitionException");

  /** What only passes on what another one says. */
  private static final Set<String> WRAPPERS =
      Set.of(
          "java.io.UncheckedIOException",
          "java.lang.RuntimeException",
          "java.util.concurrent.CompletionException",
          "java.util.concurrent.ExecutionException");

  private Checks() {}

  static boolean isCheck(Throwable problem) {
    if (WRAPPERS.contains(problem.getClass().getName()) && problem.getCause() != null) {
      return isCheck(problem.getCause());
    }
    for (Class<?> type = problem.getClass(); type != null; type = type.getSuperclass()) {
      String name = type.getName();
      if (OWN.contains(name)) {
        return false;
      }
      if (VALIDATORS.contains(name) || PARSERS.contains(name)) {
        return true;
      }
    }
    return isNoJson(problem);
  }

  /** As above, of libraries with one class for all of their errors. */
  private static boolean isNoJson(Throwable problem) {
    StackTraceElement[] frames = problem.getStackTrace();
    boolean ofReader = frames.length > 0 && frames[0].getClassName().equals("org.json.JSONTokener");
    String said = String.valueOf(problem.getMessage());
    // REST Assured's, of an answer with another Content-Type or none.
    return (ofReader && problem.getClass().getName().equals("org.json.JSONException"))
        || (problem instanceof IllegalStateException
            && (said.startsWith("Expected response body to be verified as JSON")
                || said.contains("no content-type was present in the response")));
  }
}
