package pe4king.child;

import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.lang.model.element.NestingKind;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Compiles the test files in this process; what they use of other sources comes along. */
final class Compiling {
  private final Job job;
  private final Map<String, Path> files = new LinkedHashMap<>();
  private final List<Map<String, Object>> problems = new ArrayList<>();

  private Compiling(Job job) {
    this.job = job;
  }

  /** Compiled classes of the test files; those of an earlier start are taken as they are. */
  static Compiling done(Job job) throws IOException {
    Compiling made = new Compiling(job);
    Path list = job.scratch().resolve("compiled.txt");
    if (Files.exists(list)) {
      for (String line : Files.readAllLines(list, UTF_8)) {
        String[] parts = line.split("\t", 2);
        made.files.put(parts[0], Path.of(parts[1]));
      }
      return made;
    }
    made.compile();
    List<String> lines =
        made.files.entrySet().stream()
            .map(each -> each.getKey() + "\t" + each.getValue())
            .collect(Collectors.toList());
    Files.write(list, lines, UTF_8);
    return made;
  }

  /** The file of each class that a test file declares, by the class's name. */
  Map<String, Path> files() {
    return files;
  }

  /** Why files could not be compiled. */
  List<Map<String, Object>> problems() {
    return problems;
  }

  /** All files at once; where that fails one by one, so that a bad one takes no other with it. */
  private void compile() throws IOException {
    if (!compile(job.sources(), false)) {
      for (Path each : job.sources()) {
        compile(List.of(each), true);
      }
    }
  }

  private boolean compile(List<Path> sources, boolean tells) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
    Map<String, Path> found = new LinkedHashMap<>();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(told, null, UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  told,
                  options(),
                  null,
                  manager.getJavaFileObjectsFromFiles(
                      sources.stream().map(Path::toFile).collect(Collectors.toList())));
      task.addTaskListener(noting(sources, found));
      if (task.call()) {
        files.putAll(found);
        return true;
      }
    }
    if (tells) {
      problems.add(problem(sources.get(0), told));
    }
    return false;
  }

  private List<String> options() {
    String roots =
        job.roots().stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    return List.of(
        "-d",
        job.classes().toString(),
        "-sourcepath",
        roots,
        "-implicit:class",
        "-encoding",
        "UTF-8",
        "-g",
        "-parameters",
        "-nowarn",
        "-Xlint:none");
  }

  private static TaskListener noting(List<Path> sources, Map<String, Path> found) {
    return new TaskListener() {
      @Override
      public void finished(TaskEvent event) {
        if (event.getKind() != TaskEvent.Kind.GENERATE || event.getTypeElement() == null) {
          return;
        }
        Path file = Path.of(event.getSourceFile().toUri());
        boolean outermost = event.getTypeElement().getNestingKind() == NestingKind.TOP_LEVEL;
        if (outermost && sources.contains(file)) {
          found.put(event.getTypeElement().getQualifiedName().toString(), file);
        }
      }
    };
  }

  private Map<String, Object> problem(Path source, DiagnosticCollector<JavaFileObject> told) {
    Diagnostic<? extends JavaFileObject> first =
        told.getDiagnostics().stream()
            .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
            .findFirst()
            .orElse(null);
    String file = job.shown(source);
    if (first == null) {
      return Map.of("kind", "not compiled", "file", file, "message", "javac");
    }
    JavaFileObject where = first.getSource();
    String place =
        where == null ? "" : job.shown(Path.of(where.toUri())) + ":" + first.getLineNumber();
    String said = first.getMessage(Locale.ENGLISH).replaceAll("\\s+", " ");
    return Map.of("kind", "not compiled", "file", file, "message", place + ": " + said);
  }
}
