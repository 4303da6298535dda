package pe4king.child;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The conversation with the one who started us: one JSON object a line, on our own streams, behind
 * a secret that is the first line we hear.
 */
final class Wire {
  private final BufferedReader from;
  private final PrintStream to;
  private final String secret;

  private Wire(InputStream from, PrintStream to) throws IOException {
    this.from = new BufferedReader(new InputStreamReader(from, UTF_8));
    this.to = to;
    this.secret = this.from.readLine() + " ";
  }

  /** Takes the standard streams; tests read nothing, and what they print goes to the errors. */
  static Wire taken() throws IOException {
    InputStream in = new FileInputStream(FileDescriptor.in);
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
    System.setIn(InputStream.nullInputStream());
    System.setOut(System.err);
    return new Wire(in, out);
  }

  /** Whether the test may run (again); an end of the conversation ends this process. */
  boolean mayRun(String id) {
    send(Map.of("ready", id));
    try {
      String answer = from.readLine();
      while (answer != null && !answer.contains(secret)) {
        answer = from.readLine();
      }
      if (answer == null) {
        Runtime.getRuntime().halt(2);
      }
      return answer.endsWith("true}");
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }

  void send(Map<String, ?> message) {
    to.print(secret + json(message) + "\n");
    to.flush();
  }

  private static String json(Object value) {
    if (value instanceof Map) {
      return ((Map<?, ?>) value)
          .entrySet().stream()
              .map(each -> json(each.getKey()) + ": " + json(each.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof List) {
      return ((List<?>) value).stream().map(Wire::json).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value == null || value instanceof Number || value instanceof Boolean) {
      return String.valueOf(value);
    }
    return quoted(value.toString());
  }

  /** Everything beyond plain ASCII is escaped, halves of characters too. */
  private static String quoted(String text) {
    StringBuilder made = new StringBuilder("\"");
    for (char each : text.toCharArray()) {
      if (each == '"' || each == '\\') {
        made.append('\\').append(each);
      } else if (each < ' ' || each > '~') {
        made.append(String.format("\\u%04x", (int) each));
      } else {
        made.append(each);
      }
    }
    return made.append('"').toString();
  }
}
