package pe4king.child;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Brings requests that go elsewhere to our server, which they take for a proxy.
 *
 * <p>So host, path and query stay as the test wrote them. Clients of the JDK and those that ask it
 * for a proxy need nothing else; REST Assured gets a filter, by reflection, as the tests may do
 * without it. Of TLS only REST Assured can be relieved.
 */
final class Redirect {
  private static final String REST_ASSURED = "io.restassured.RestAssured";
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");

  private final String host;
  private final int port;
  private final Set<String> hosts = new TreeSet<>();
  private Class<?> restAssured;
  private Object filter;

  private Redirect(String host, int port) {
    this.host = host;
    this.port = port;
  }

  static Redirect installed(String host, int port) {
    Redirect made = new Redirect(host, port);
    ProxySelector.setDefault(made.new Selector());
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    try {
      made.restAssured = Class.forName(REST_ASSURED, true, loader);
      Class<?> type = Class.forName("io.restassured.filter.Filter", false, loader);
      made.filter = Proxy.newProxyInstance(loader, new Class<?>[] {type}, made.new Filter());
    } catch (ClassNotFoundException without) {
      made.restAssured = null;
    }
    made.renew();
    return made;
  }

  /** Puts the filter back that a test has taken away, as `RestAssured.reset()` does. */
  void renew() {
    if (restAssured == null) {
      return;
    }
    try {
      List<?> filters = (List<?>) restAssured.getMethod("filters").invoke(null);
      if (!filters.contains(filter)) {
        restAssured.getMethod("filters", List.class).invoke(null, List.of(filter));
      }
    } catch (ReflectiveOperationException changed) {
      System.err.println("No redirection of REST Assured: " + changed);
      restAssured = null;
    }
  }

  /** The hosts beside this machine that were called since this was asked last. */
  List<String> hosts() {
    synchronized (hosts) {
      List<String> found = new ArrayList<>(hosts);
      hosts.clear();
      return found;
    }
  }

  private boolean isOurs(URI uri) {
    String named = uri.getHost();
    if (named != null && !LOOPBACK.contains(named)) {
      synchronized (hosts) {
        hosts.add(named.toLowerCase(Locale.ROOT));
      }
    }
    return host.equals(named) && port == uri.getPort();
  }

  /** What clients of the JDK ask. */
  private final class Selector extends ProxySelector {
    @Override
    public List<java.net.Proxy> select(URI uri) {
      if (isOurs(uri) || !"http".equalsIgnoreCase(uri.getScheme())) {
        return List.of(java.net.Proxy.NO_PROXY);
      }
      SocketAddress server = new InetSocketAddress(host, port);
      return List.of(new java.net.Proxy(java.net.Proxy.Type.HTTP, server));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException problem) {
      // The client tells its test.
    }
  }

  /** `Filter.filter(request, response, context)` of REST Assured. */
  private final class Filter implements InvocationHandler {
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
      switch (method.getName()) {
        case "filter":
          redirect(arguments[0]);
          return next(arguments);
        case "equals":
          return proxy == arguments[0];
        case "hashCode":
          return System.identityHashCode(proxy);
        default:
          return "redirection to the server of the proof";
      }
    }

    private void redirect(Object request) throws ReflectiveOperationException {
      Class<?> type =
          interfaceOf(request, "io.restassured.specification.FilterableRequestSpecification");
      URI uri = URI.create((String) type.getMethod("getURI").invoke(request));
      if (isOurs(uri)) {
        return;
      }
      if ("https".equalsIgnoreCase(uri.getScheme())) {
        String base = (String) type.getMethod("getBaseUri").invoke(request);
        String path = (String) type.getMethod("getUserDefinedPath").invoke(request);
        type.getMethod("baseUri", String.class)
            .invoke(request, base.replaceFirst("(?i)^https", "http"));
        type.getMethod("path", String.class)
            .invoke(request, path.replaceFirst("(?i)^https:", "http:"));
      }
      type.getMethod("proxy", String.class, int.class).invoke(request, host, port);
    }

    private Object next(Object[] arguments) throws Throwable {
      Class<?> context = interfaceOf(arguments[2], "io.restassured.filter.FilterContext");
      for (Method each : context.getMethods()) {
        if (each.getName().equals("next")) {
          try {
            return each.invoke(arguments[2], arguments[0], arguments[1]);
          } catch (InvocationTargetException problem) {
            throw problem.getCause();
          }
        }
      }
      throw new NoSuchMethodException("FilterContext.next");
    }

    private Class<?> interfaceOf(Object value, String name) throws ClassNotFoundException {
      return Class.forName(name, false, value.getClass().getClassLoader());
    }
  }
}
