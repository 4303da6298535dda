package pe4king.child;

import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;

/** Runs of tests, one after the other, each asked for and told of. */
final class Runs {
  private final Wire wire;
  private final Redirect redirect;
  private final long milliseconds;
  private final Timer timer = new Timer("time limit", true);
  private Ending current;

  Runs(Wire wire, Redirect redirect, long milliseconds) {
    this.wire = wire;
    this.redirect = redirect;
    this.milliseconds = milliseconds;
  }

  /** Runs the test for as long as it is wanted. */
  void repeat(Item item, Runnable once) {
    item.visit();
    while (wire.mayRun(item.id())) {
      redirect.renew();
      current = new Ending(item);
      long start = System.nanoTime();
      if (isLate(once)) {
        current.late("longer than " + milliseconds + " ms");
      }
      Map<String, Object> told = current.told(System.nanoTime() - start);
      told.put("hosts", redirect.hosts());
      wire.send(told);
      current = null;
    }
  }

  /** Tells of a test that could not even be begun; further runs of it begin with its class. */
  void hopeless(Item item, TestDescriptor where, TestExecutionResult result, Runnable anew) {
    AtomicBoolean told = new AtomicBoolean();
    repeat(
        item,
        () -> {
          if (told.getAndSet(true)) {
            anew.run();
          } else {
            current.finished(where, result);
          }
        });
  }

  /** The running test could not even be looked for. */
  void failed(Throwable problem) {
    current.finished(problem);
  }

  /** Tells of a test that is left out with all of its class. */
  void skipped(Item item, String reason) {
    repeat(item, () -> current.skipped(reason));
  }

  /** What the engine says of the running test; of others it is nobody's. */
  void finished(TestDescriptor part, TestExecutionResult result) {
    if (current != null && current.item().concerns(part)) {
      current.finished(part, result);
    }
  }

  /** As above. */
  void skipped(TestDescriptor part, String reason) {
    if (current != null && current.item().concerns(part)) {
      current.skipped(reason);
    }
  }

  /** Runs it; who can be interrupted is when the time is over. */
  private boolean isLate(Runnable once) {
    AtomicBoolean late = new AtomicBoolean();
    Thread self = Thread.currentThread();
    TimerTask task =
        new TimerTask() {
          @Override
          public void run() {
            late.set(true);
            self.interrupt();
          }
        };
    timer.schedule(task, milliseconds);
    once.run();
    task.cancel();
    Thread.interrupted(); // nothing of it is left for the next test
    return late.get();
  }
}
