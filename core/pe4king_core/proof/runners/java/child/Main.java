package pe4king.child;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.DiscoverySelectors;

/** Compiles the tests of a job, finds them, and runs each for as long as it is asked to. */
public final class Main {
  private static final String JUPITER = "junit-jupiter";

  private final Wire wire;
  private final Job job;
  private final Request request;
  private final List<Map<String, Object>> problems = new ArrayList<>();
  private final List<Map<String, Object>> told = new ArrayList<>();
  private final List<Runnable> work = new ArrayList<>();

  private Main(Wire wire, Job job) {
    this.wire = wire;
    this.job = job;
    this.request = new Request(job.scratch());
  }

  /** The argument is the job's file. */
  public static void main(String[] arguments) throws IOException {
    Wire wire = Wire.taken();
    int code = 0;
    try {
      new Main(wire, Job.read(Path.of(arguments[0]))).run();
      wire.send(Map.of("bye", true));
    } catch (Throwable problem) {
      problem.printStackTrace();
      code = 1;
    }
    // Not exit(): threads and hooks that tests have left would have a say in it.
    Runtime.getRuntime().halt(code);
  }

  private void run() throws IOException {
    List<TestEngine> engines = new ArrayList<>();
    ServiceLoader.load(TestEngine.class).forEach(engines::add);
    wire.send(Map.of("hello", named(engines)));
    Compiling compiled = Compiling.done(job);
    problems.addAll(compiled.problems());
    Runs runs = new Runs(wire, Redirect.installed(job.host(), job.port()), job.milliseconds());
    Scripts.kept();
    Warming.done();
    Set<Path> silent = new LinkedHashSet<>(compiled.files().values());
    for (TestEngine engine : engines) {
      try {
        find(engine, compiled.files(), silent, runs);
      } catch (RuntimeException unable) {
        problems.add(Map.of("kind", "engine", "file", "", "message", unable.toString()));
      }
    }
    silent.forEach(
        each -> problems.add(Map.of("kind", "silent", "file", job.shown(each), "message", "")));
    wire.send(Map.of("tests", told, "problems", problems));
    work.forEach(Runnable::run);
  }

  private static String named(List<TestEngine> engines) {
    return engines.stream()
        .map(each -> each.getId() + each.getVersion().map(version -> " " + version).orElse(""))
        .sorted()
        .collect(Collectors.joining(", ", "", ", Java " + System.getProperty("java.version")));
  }

  private void find(TestEngine engine, Map<String, Path> files, Set<Path> silent, Runs runs) {
    List<DiscoverySelector> selectors =
        files.keySet().stream().map(DiscoverySelectors::selectClass).collect(Collectors.toList());
    TestDescriptor root = discovered(engine, selectors);
    List<Item> items = new ArrayList<>();
    collect(root, files, items);
    items.forEach(each -> silent.remove(each.file()));
    items.removeIf(each -> !job.isWanted(each.name()));
    items.forEach(each -> told.add(told(each)));
    items.removeIf(each -> job.isSkipped(each.id()));
    Set<Item> looped = new LinkedHashSet<>(items);
    looped.removeIf(each -> !engine.getId().equals(JUPITER) || isCopied(each.descriptor()));
    if (!looped.isEmpty()) {
      work.add(() -> loop(engine, root, looped, runs));
    }
    items.removeAll(looped);
    items.forEach(each -> work.add(() -> runs.repeat(each, () -> again(engine, each, runs))));
  }

  private void collect(TestDescriptor from, Map<String, Path> files, List<Item> into) {
    Item item = from.isRoot() ? null : Item.of(from, files);
    if (item == null) {
      new ArrayList<>(from.getChildren()).forEach(each -> collect(each, files, into));
    } else {
      into.add(item);
    }
  }

  private Map<String, Object> told(Item item) {
    // Rows of a table that are known only once it is run are one test.
    return Map.of(
        "id", item.id(), "file", job.shown(item.file()), "name", item.name(), "row", item.row());
  }

  /** Whether JUnit runs copies of it, one for each argument of its class. */
  private static boolean isCopied(TestDescriptor test) {
    return test.getParent()
        .filter(
            each -> each.getClass().getSimpleName().startsWith("ClassTemplate") || isCopied(each))
        .isPresent();
  }

  /** Puts loops in the place of tests, takes everything else out, and runs the tree once. */
  private void loop(TestEngine engine, TestDescriptor root, Set<Item> items, Runs runs) {
    replace(root, items, runs);
    engine.execute(request.execution(root, listener(engine, runs)));
  }

  private static void replace(TestDescriptor parent, Set<Item> items, Runs runs) {
    for (TestDescriptor child : new ArrayList<>(parent.getChildren())) {
      // Taken out and put in again, so that the order stays.
      parent.removeChild(child);
      Item item =
          items.stream().filter(each -> each.descriptor() == child).findFirst().orElse(null);
      if (item != null) {
        parent.addChild(new Loop(item, runs));
        child.setParent(parent);
      } else {
        replace(child, items, runs);
        if (!child.getChildren().isEmpty()) {
          parent.addChild(child);
        }
      }
    }
  }

  private Listener listener(TestEngine engine, Runs runs) {
    return new Listener(runs, item -> again(engine, item, runs));
  }

  /** One run of one test by itself, with all that its class sets up. */
  private void again(TestEngine engine, Item item, Runs runs) {
    try {
      TestDescriptor root = alone(engine, item);
      root.accept(TestDescriptor::prune); // the last step of discovery, as launchers do it
      engine.execute(request.execution(root, listener(engine, runs)));
    } catch (RuntimeException unable) {
      runs.failed(unable);
    }
  }

  /** The test; with its whole class where it depends on others of it. */
  private TestDescriptor alone(TestEngine engine, Item item) {
    try {
      return discovered(
          engine, List.of(DiscoverySelectors.selectUniqueId(UniqueId.parse(item.id()))));
    } catch (RuntimeException dependent) {
      return discovered(engine, List.of(DiscoverySelectors.selectClass(item.className())));
    }
  }

  private TestDescriptor discovered(TestEngine engine, List<DiscoverySelector> selectors) {
    return engine.discover(request.discovery(selectors), UniqueId.forEngine(engine.getId()));
  }
}
