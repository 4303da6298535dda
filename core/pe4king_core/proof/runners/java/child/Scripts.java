package pe4king.child;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/**
 * Has Groovy compile each expression once: REST Assured has every path of every {@code body(...)}
 * compiled anew, which is nine tenths of a test's time, and here tests run a hundred times.
 *
 * <p>What {@code GroovyShell.evaluate} does when Groovy code calls it is what its meta class says;
 * ours keeps the compiled classes. All by reflection, as the tests may do without Groovy.
 */
final class Scripts {
  private static final int MOST = 5_000;

  private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
  private final Class<?> shell;
  private final Class<?> script;
  private final Method parse;
  private final Method context;
  private final Method create;
  private final Method run;
  private final Map<String, Class<?>> compiled = new HashMap<>();

  private Scripts() throws ReflectiveOperationException {
    shell = type("groovy.lang.GroovyShell");
    script = type("groovy.lang.Script");
    parse = shell.getMethod("parse", String.class);
    context = shell.getMethod("getContext");
    create =
        type("org.codehaus.groovy.runtime.InvokerHelper")
            .getMethod("createScript", Class.class, type("groovy.lang.Binding"));
    run = script.getMethod("run");
  }

  static void kept() {
    try {
      new Scripts().install();
    } catch (ClassNotFoundException without) {
      // Nothing is compiled at run time.
    } catch (ReflectiveOperationException | RuntimeException other) {
      System.err.println("Groovy compiles every expression anew: " + other);
    }
  }

  private void install() throws ReflectiveOperationException {
    Class<?> metaClass = type("groovy.lang.MetaClass");
    Class<?> registries = type("groovy.lang.MetaClassRegistry");
    Object registry = type("groovy.lang.GroovySystem").getMethod("getMetaClassRegistry").invoke(null);
    Object plain = registries.getMethod("getMetaClass", Class.class).invoke(registry, shell);
    Object ours =
        Proxy.newProxyInstance(
            loader,
            new Class<?>[] {metaClass},
            (proxy, method, arguments) -> {
              String text = method.getName().equals("invokeMethod") ? evaluated(arguments) : null;
              return text == null
                  ? invoked(method, plain, arguments)
                  : result(arguments[arguments.length == 3 ? 0 : 1], text);
            });
    registries.getMethod("setMetaClass", Class.class, metaClass).invoke(registry, shell, ours);
  }

  /** The text that is to be evaluated; null where something else is asked for. */
  private static String evaluated(Object[] arguments) {
    int name = arguments.length == 3 ? 1 : 2;
    if (!"evaluate".equals(arguments[name]) || !(arguments[name + 1] instanceof Object[])) {
      return null;
    }
    Object[] given = (Object[]) arguments[name + 1];
    return given.length == 1 && given[0] instanceof CharSequence ? given[0].toString() : null;
  }

  private synchronized Object result(Object shell, String text) throws Throwable {
    Class<?> type = compiled.get(text);
    if (type == null) {
      type = invoked(parse, shell, text).getClass();
      if (compiled.size() < MOST) {
        compiled.put(text, type);
      }
    }
    return invoked(run, invoked(create, null, type, invoked(context, shell)));
  }

  private static Object invoked(Method method, Object owner, Object... arguments) throws Throwable {
    try {
      return method.invoke(owner, arguments);
    } catch (InvocationTargetException problem) {
      throw problem.getCause();
    }
  }

  private Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name, true, loader);
  }
}
