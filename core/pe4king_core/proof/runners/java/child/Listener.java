package pe4king.child;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;

/** Takes down what an engine says; tests of a class that could not be begun have their say too. */
final class Listener implements EngineExecutionListener {
  private final Runs runs;
  private final Consumer<Item> alone;

  /** {@code alone} runs one test with all that its class sets up. */
  Listener(Runs runs, Consumer<Item> alone) {
    this.runs = runs;
    this.alone = alone;
  }

  @Override
  public void dynamicTestRegistered(TestDescriptor test) {
    // The run that it is part of tells how it ended.
  }

  @Override
  public void executionStarted(TestDescriptor test) {
    // As above.
  }

  @Override
  public void executionSkipped(TestDescriptor test, String reason) {
    runs.skipped(test, reason);
    unvisited(test).forEach(each -> runs.skipped(each, reason));
  }

  @Override
  public void executionFinished(TestDescriptor test, TestExecutionResult result) {
    if (!(test instanceof Loop)) {
      runs.finished(test, result);
    }
    unvisited(test).forEach(each -> runs.hopeless(each, test, result, () -> alone.accept(each)));
  }

  @Override
  public void reportingEntryPublished(TestDescriptor test, ReportEntry entry) {
    // Nobody reads it.
  }

  private static List<Item> unvisited(TestDescriptor from) {
    List<Item> found = new ArrayList<>();
    if (from instanceof Loop && !((Loop) from).item().isVisited()) {
      found.add(((Loop) from).item());
    }
    from.getChildren().forEach(each -> found.addAll(unvisited(each)));
    return found;
  }
}
