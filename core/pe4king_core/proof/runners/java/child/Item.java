package pe4king.child;

import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;

/** One test method. */
final class Item {
  private final TestDescriptor descriptor;
  private final String className;
  private final String method;
  private final Path file;
  private final Set<String> owners = new HashSet<>();
  private boolean visited;

  private Item(TestDescriptor descriptor, String className, String method, Path file) {
    this.descriptor = descriptor;
    this.className = className;
    this.method = method;
    this.file = file;
  }

  /** The item of a descriptor; null where it is no test method of the given files. */
  static Item of(TestDescriptor descriptor, Map<String, Path> files) {
    MethodSource source = sourceOf(descriptor);
    if (source == null) {
      return null;
    }
    Path file = files.get(outermost(source.getClassName()));
    return file == null
        ? null
        : new Item(descriptor, source.getClassName(), source.getMethodName(), file);
  }

  private static MethodSource sourceOf(TestDescriptor descriptor) {
    return descriptor
        .getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .orElse(null);
  }

  /** Whether the descriptor is of this test: it, a part of it, or what it stands in. */
  boolean concerns(TestDescriptor other) {
    MethodSource source = sourceOf(other);
    return source == null
        || (source.getClassName().equals(className) && source.getMethodName().equals(method));
  }

  TestDescriptor descriptor() {
    return descriptor;
  }

  String id() {
    return descriptor.getUniqueId().toString();
  }

  String shown() {
    return descriptor.getDisplayName();
  }

  /** Classes and method, without the package. */
  String name() {
    String simple = className.substring(className.lastIndexOf('.') + 1);
    return simple.replace('$', '.') + "." + method;
  }

  String className() {
    return className;
  }

  /** The row of a table, where engines tell rows apart before they are run. */
  String row() {
    String shown = shown();
    return shown.startsWith(method + "[") && shown.endsWith("]")
        ? shown.substring(method.length() + 1, shown.length() - 1)
        : "";
  }

  /** The file that declares its class. */
  Path file() {
    return file;
  }

  /** Whether its turn has come. */
  boolean isVisited() {
    return visited;
  }

  void visit() {
    visited = true;
  }

  /** Whether the problem came up in the test method: not before it, not after it. */
  boolean isIn(Throwable problem) {
    return isIn(problem, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private boolean isIn(Throwable problem, Set<Throwable> seen) {
    if (problem == null || !seen.add(problem)) {
      return false;
    }
    for (StackTraceElement frame : problem.getStackTrace()) {
      if (isMethod(frame.getMethodName()) && owners().contains(frame.getClassName())) {
        return true;
      }
    }
    return isIn(problem.getCause(), seen)
        || several(problem).stream()
            .anyMatch(each -> each instanceof Throwable && isIn((Throwable) each, seen));
  }

  /** The method itself, or a closure in it that another thread runs. */
  private boolean isMethod(String name) {
    return name.equals(method) || name.startsWith("lambda$" + method + "$");
  }

  /** The test's class and all that it may have the method from. */
  private Set<String> owners() {
    if (owners.isEmpty()) {
      try {
        own(Class.forName(className, false, Thread.currentThread().getContextClassLoader()));
      } catch (ClassNotFoundException unknown) {
        owners.add(className);
      }
    }
    return owners;
  }

  private void own(Class<?> type) {
    if (type != null && type != Object.class) {
      owners.add(type.getName());
      own(type.getSuperclass());
      for (Class<?> each : type.getInterfaces()) {
        own(each);
      }
    }
  }

  /** What soft assertions collected; they may be told only after the test. */
  private static List<?> several(Throwable problem) {
    try {
      Object failures = problem.getClass().getMethod("getFailures").invoke(problem);
      return failures instanceof List ? (List<?>) failures : List.of();
    } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException one) {
      return List.of();
    }
  }

  boolean isInFile(StackTraceElement frame) {
    return outermost(frame.getClassName()).equals(outermost(className));
  }

  private static String outermost(String name) {
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }
}
