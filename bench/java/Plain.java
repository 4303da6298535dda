import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs a test class again and again in one virtual machine, each time on a server as it was at the
 * start: CLASS ROUNDS; prints how many tests passed, and milliseconds.
 */
public final class Plain {
  private Plain() {}

  public static void main(String[] arguments) throws Exception {
    Launcher launcher = LauncherFactory.create();
    HttpClient client = HttpClient.newHttpClient();
    URI reset = URI.create(System.getenv("API_BASE_URL")).resolve("/__pe4king/reset");
    for (int round = 0; round < Integer.parseInt(arguments[1]); round++) {
      client.send(
          HttpRequest.newBuilder(reset).POST(BodyPublishers.noBody()).build(),
          BodyHandlers.discarding());
      LauncherDiscoveryRequest request =
          LauncherDiscoveryRequestBuilder.request().selectors(selectClass(arguments[0])).build();
      TestPlan plan = launcher.discover(request);
      SummaryGeneratingListener listener = new SummaryGeneratingListener();
      long start = System.nanoTime();
      launcher.execute(plan, listener);
      double milliseconds = (System.nanoTime() - start) / 1e6;
      long passed = listener.getSummary().getTestsSucceededCount();
      System.out.println(passed + " " + milliseconds);
    }
  }
}
