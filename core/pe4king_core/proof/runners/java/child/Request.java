package pe4king.child;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.platform.engine.ConfigurationParameters;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;

/**
 * Requests to engines, made here so that tests need no launcher: builds have engines on the class
 * path, launchers they add themselves.
 *
 * <p>Newer platforms ask for more than older ones know of: that is answered by reflection.
 */
final class Request {
  private final Path scratch;
  private final ConfigurationParameters parameters = new Parameters();

  Request(Path scratch) {
    this.scratch = scratch;
  }

  EngineDiscoveryRequest discovery(List<? extends DiscoverySelector> selectors) {
    InvocationHandler answers =
        (proxy, method, arguments) -> {
          switch (method.getName()) {
            case "getSelectorsByType":
              Class<?> type = (Class<?>) arguments[0];
              return selectors.stream().filter(type::isInstance).collect(Collectors.toList());
            case "getFiltersByType":
              return List.of();
            case "getConfigurationParameters":
              return parameters;
            default:
              return anything(method);
          }
        };
    return (EngineDiscoveryRequest) made(EngineDiscoveryRequest.class, answers);
  }

  ExecutionRequest execution(TestDescriptor root, EngineExecutionListener listener) {
    Method fullest = null;
    for (Method each : ExecutionRequest.class.getMethods()) {
      boolean fuller = fullest == null || each.getParameterCount() > fullest.getParameterCount();
      if (each.getName().equals("create") && fuller) {
        fullest = each;
      }
    }
    if (fullest == null || fullest.getParameterCount() == 3) {
      return new ExecutionRequest(root, listener, parameters);
    }
    try {
      Object[] given = new Object[fullest.getParameterCount()];
      for (int each = 0; each < given.length; each++) {
        given[each] = argument(fullest.getParameterTypes()[each], root, listener);
      }
      return (ExecutionRequest) fullest.invoke(null, given);
    } catch (ReflectiveOperationException unknown) {
      throw new IllegalStateException("this version of JUnit is not known", unknown);
    }
  }

  private Object argument(Class<?> type, TestDescriptor root, EngineExecutionListener listener)
      throws ReflectiveOperationException {
    for (Object each : List.of(root, listener, parameters)) {
      if (type.isInstance(each)) {
        return each;
      }
    }
    if (type.getSimpleName().equals("NamespacedHierarchicalStore")) {
      // One of the whole session, and in it one of this request.
      Object session = type.getConstructor(type).newInstance((Object) null);
      return type.getConstructor(type).newInstance(session);
    }
    if (type.getSimpleName().equals("CancellationToken")) {
      return type.getMethod("disabled").invoke(null);
    }
    return made(type, (proxy, method, arguments) -> anything(method));
  }

  /** An answer that does nothing: to listeners, and to who asks for folders. */
  private Object anything(Method method) {
    Class<?> wanted = method.getReturnType();
    if (wanted == Path.class) {
      return scratch;
    }
    if (wanted.isInterface()) {
      return made(wanted, (proxy, asked, arguments) -> anything(asked));
    }
    return null;
  }

  private static Object made(Class<?> type, InvocationHandler handler) {
    return Proxy.newProxyInstance(Request.class.getClassLoader(), new Class<?>[] {type}, handler);
  }

  /** The project's own settings of JUnit, and one thread. */
  private static final class Parameters implements ConfigurationParameters {
    private final Properties values = new Properties();

    Parameters() {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      try (InputStream file = loader.getResourceAsStream("junit-platform.properties")) {
        if (file != null) {
          values.load(file);
        }
      } catch (IOException unreadable) {
        System.err.println("junit-platform.properties: " + unreadable);
      }
      values.setProperty("junit.jupiter.execution.parallel.enabled", "false");
      values.setProperty("junit.vintage.execution.parallel.enabled", "false");
    }

    @Override
    public Optional<String> get(String key) {
      return Optional.ofNullable(values.getProperty(key, System.getProperty(key)));
    }

    @Override
    public Optional<Boolean> getBoolean(String key) {
      return get(key).map(Boolean::parseBoolean);
    }

    // Of older platforms only, and of newer ones only: neither has both.

    public int size() {
      return values.size();
    }

    public Set<String> keySet() {
      return values.stringPropertyNames();
    }
  }
}
