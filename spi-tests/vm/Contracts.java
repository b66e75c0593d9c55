import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs contracts of the default provider, named by the arguments, and counts. */
final class Contracts {
  public static void main(String[] names) throws ClassNotFoundException {
    Class<?> test = Class.forName("dev.copyoffload.spi.DefaultProviderTest");
    List<String> outer = List.of(test.getName());
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(
                    Stream.of(names)
                        .map(name -> selectNestedClass(outer, test.getName() + "$" + name))
                        .toList())
                .build(),
            listener);
    var summary = listener.getSummary();
    summary.printFailuresTo(new PrintWriter(System.out, true), 12);
    // A container fails without a test: nothing below it was run.
    long failed = summary.getTotalFailureCount();
    System.out.println(
        "contracts "
            + summary.getTestsSucceededCount() + " passed, "
            + failed + " failed, "
            + summary.getTestsAbortedCount() + " aborted"
            + (failed > 0 || summary.getTestsSucceededCount() == 0 ? " WRONG" : ""));
    System.exit(0);
  }
}
