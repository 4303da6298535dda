package pe4king.child;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.hierarchical.EngineExecutionContext;
import org.junit.platform.engine.support.hierarchical.Node;

/**
 * Stands where a test method stood in its class, and runs it again and again as JUnit runs dynamic
 * tests: a new instance and its set-up each time, while what the class has set up stays.
 */
final class Loop extends AbstractTestDescriptor implements Node<EngineExecutionContext> {
  private final Item item;
  private final Runs runs;
  private final TestDescriptor test;

  Loop(Item item, Runs runs) {
    super(item.descriptor().getUniqueId().append("loop", "of"), item.shown());
    this.item = item;
    this.runs = runs;
    this.test = withoutLocks(item.descriptor());
  }

  Item item() {
    return item;
  }

  @Override
  public Type getType() {
    return Type.CONTAINER;
  }

  @Override
  public boolean mayRegisterTests() {
    return true;
  }

  @Override
  public Optional<TestSource> getSource() {
    return item.descriptor().getSource();
  }

  @Override
  public Set<TestTag> getTags() {
    return item.descriptor().getTags();
  }

  @Override
  public EngineExecutionContext execute(
      EngineExecutionContext context, DynamicTestExecutor executor) {
    runs.repeat(item, () -> executor.execute(test));
    return context;
  }

  /** Dynamic tests must not declare locks; with one thread there is nothing to lock. */
  private static TestDescriptor withoutLocks(TestDescriptor test) {
    if (!(test instanceof Node) || ((Node<?>) test).getExclusiveResources().isEmpty()) {
      return test;
    }
    return (TestDescriptor)
        Proxy.newProxyInstance(
            Loop.class.getClassLoader(),
            new Class<?>[] {TestDescriptor.class, Node.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getExclusiveResources")) {
                return Set.of();
              }
              try {
                return method.invoke(test, arguments);
              } catch (InvocationTargetException problem) {
                throw problem.getCause();
              }
            });
  }
}
