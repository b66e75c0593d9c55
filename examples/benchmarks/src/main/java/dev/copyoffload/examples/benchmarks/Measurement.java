package dev.copyoffload.examples.benchmarks;

import dev.copyoffload.examples.benchmarks.calls.Worker;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One figure of each variant.
 *
 * @param key the row it goes to
 * @param call what is timed
 * @param parameters the values of the state's fields
 * @param pace how often
 * @param references what is not Java and is compared with it
 */
record Measurement(
    RowKey key, Call call, Map<String, String> parameters, Pace pace, Set<Variant> references) {
  private static final String PACKAGE = Worker.class.getPackageName();

  /** Says to JMH what to do, in the JVM that it is in. */
  Options options(Variant variant) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + (PACKAGE + "." + call.method(variant)).replace(".", "\\.") + "$")
            .forks(0)
            .threads(1)
            .syncIterations(false)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .timeUnit(TimeUnit.NANOSECONDS)
            .warmupIterations(pace.warmup())
            .measurementIterations(pace.iterations());
    if (pace.batch() > 0) {
      options
          .mode(Mode.SingleShotTime)
          .warmupBatchSize(pace.batch())
          .measurementBatchSize(pace.batch())
          .param("batch", Integer.toString(pace.batch()));
    } else {
      TimeValue time = TimeValue.milliseconds(pace.millis());
      options.mode(Mode.AverageTime).warmupTime(time).measurementTime(time);
    }
    parameters.forEach(options::param);
    return options.build();
  }
}
