package pe4king.child;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;

/** How one run of a test ended: the worst of what its parts came to. */
final class Ending {
  private static final List<String> WORST_FIRST =
      List.of("timeout", "failed", "crashed", "fixture error", "passed", "skipped");
  private static final int LONGEST = 2_000;

  private final Item item;
  private String ended = "skipped";
  private String message = "";
  private int line;

  Ending(Item item) {
    this.item = item;
  }

  Item item() {
    return item;
  }

  /** A part of the test was not run. */
  void skipped(String reason) {
    note("skipped", reason, 0);
  }

  /** The time was over. */
  void late(String reason) {
    note("timeout", reason, 0);
  }

  /** A part of the test, or what it stands in, has finished. */
  void finished(TestDescriptor part, TestExecutionResult result) {
    Throwable problem = result.getThrowable().orElse(null);
    if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
      skipped(problem == null ? "" : said(problem));
    } else if (problem != null) {
      String row = part.getDisplayName().equals(item.shown()) ? "" : part.getDisplayName() + ": ";
      note(meaning(problem), row + said(problem), lineOf(problem));
    } else if (part.isTest()) {
      note("passed", "", 0);
    }
  }

  /** As above, of what no part can be named for. */
  void finished(Throwable problem) {
    note(meaning(problem), said(problem), lineOf(problem));
  }

  Map<String, Object> told(long nanoseconds) {
    Map<String, Object> told = new HashMap<>();
    told.put("ran", item.id());
    told.put("ended", ended);
    told.put("message", message.length() > LONGEST ? message.substring(0, LONGEST) : message);
    told.put("line", line > 0 ? line : null);
    told.put("seconds", nanoseconds / 1e9);
    return told;
  }

  private void note(String how, String what, int where) {
    boolean empty = ended.equals("skipped") && message.isEmpty();
    if (empty || WORST_FIRST.indexOf(how) < WORST_FIRST.indexOf(ended)) {
      ended = how;
      message = what;
      line = where;
    }
  }

  private String meaning(Throwable problem) {
    if (!item.isIn(problem)) {
      return "fixture error";
    }
    return Checks.isCheck(problem) ? "failed" : "crashed";
  }

  private static String said(Throwable problem) {
    String words = problem.getMessage();
    if (problem instanceof AssertionError && words != null && !words.isBlank()) {
      return words.strip();
    }
    return problem.toString().strip();
  }

  private int lineOf(Throwable problem) {
    for (StackTraceElement frame : problem.getStackTrace()) {
      if (item.isInFile(frame)) {
        return frame.getLineNumber();
      }
    }
    return problem.getCause() == null ? 0 : lineOf(problem.getCause());
  }
}
