package pe4king.child;

import java.io.File;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What is to be done: a file of lines, each a key, a tab and a value in URL encoding. */
final class Job {
  private final Map<String, List<String>> values = new HashMap<>();

  private Job() {}

  static Job read(Path file) throws IOException {
    Job job = new Job();
    for (String line : Files.readAllLines(file, UTF_8)) {
      String[] parts = line.split("\t", 2);
      String value = URLDecoder.decode(parts[1], UTF_8);
      job.values.computeIfAbsent(parts[0], key -> new ArrayList<>()).add(value);
    }
    return job;
  }

  /** The test files to compile and run. */
  List<Path> sources() {
    return paths("source");
  }

  /** Where further sources are found by their packages. */
  List<Path> roots() {
    return paths("root");
  }

  /** The folder for compiled classes; it is on the class path. */
  Path classes() {
    return paths("classes").get(0);
  }

  /** A folder that may be written to. */
  Path scratch() {
    return paths("scratch").get(0);
  }

  /** The path of a file inside the project, as those know it who have the original. */
  String shown(Path file) {
    return paths("project").get(0).relativize(file).toString().replace(File.separatorChar, '/');
  }

  /** Host and port of the only server. */
  String host() {
    return all("host").get(0);
  }

  int port() {
    return Integer.parseInt(all("port").get(0));
  }

  /** How long one run may take. */
  long milliseconds() {
    return Long.parseLong(all("milliseconds").get(0));
  }

  boolean isSkipped(String id) {
    return all("skip").contains(id);
  }

  /** Whether the test, or a class that it is in, was asked for; all are where nothing was. */
  boolean isWanted(String name) {
    List<String> names = all("name");
    return names.isEmpty()
        || names.stream().anyMatch(each -> name.equals(each) || name.startsWith(each + "."));
  }

  private List<Path> paths(String key) {
    return all(key).stream().map(Path::of).collect(Collectors.toList());
  }

  private List<String> all(String key) {
    return values.getOrDefault(key, List.of());
  }
}
