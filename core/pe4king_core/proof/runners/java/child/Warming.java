package pe4king.child;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Has REST Assured load its hundreds of classes before the first test, whose time it is not.
 *
 * <p>The request goes nowhere: a filter answers it.
 */
final class Warming {
  private final ClassLoader loader = Thread.currentThread().getContextClassLoader();

  private Warming() {}

  static void done() {
    try {
      new Warming().send();
    } catch (ClassNotFoundException without) {
      // Tests without REST Assured have little to load.
    } catch (ReflectiveOperationException | RuntimeException other) {
      System.err.println("REST Assured was not loaded beforehand: " + other);
    }
  }

  private void send() throws ReflectiveOperationException {
    Class<?> filter = type("io.restassured.filter.Filter");
    Object answering =
        Proxy.newProxyInstance(
            loader,
            new Class<?>[] {filter},
            (proxy, method, arguments) ->
                method.getName().equals("filter") ? answer() : method.invoke(this, arguments));
    Class<?> specification = type("io.restassured.specification.RequestSpecification");
    Object request = type("io.restassured.RestAssured").getMethod("given").invoke(null);
    specification.getMethod("filter", filter).invoke(request, answering);
    Method get = specification.getMethod("get", String.class, Object[].class);
    Object response = get.invoke(request, "http://localhost/", new Object[0]);
    type("io.restassured.response.Response")
        .getMethod("path", String.class, String[].class)
        .invoke(response, "title", new String[0]);
  }

  private Object answer() throws ReflectiveOperationException {
    Class<?> builder = type("io.restassured.builder.ResponseBuilder");
    Object made = builder.getConstructor().newInstance();
    builder.getMethod("setStatusCode", int.class).invoke(made, 200);
    builder.getMethod("setContentType", String.class).invoke(made, "application/json");
    builder.getMethod("setBody", String.class).invoke(made, "{\"title\": \"\"}");
    return builder.getMethod("build").invoke(made);
  }

  private Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name, true, loader);
  }
}
