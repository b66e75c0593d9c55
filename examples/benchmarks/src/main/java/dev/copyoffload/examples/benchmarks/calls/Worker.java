package dev.copyoffload.examples.benchmarks.calls;

import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.nio.file.FileSystems;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;

/**
 * Runs measurements in this JVM, whose variant it is told.
 *
 * <p>Reads a list of JMH's options, one for each measurement, serialised, from standard input, and
 * writes a list of the scores of their iterations, as arrays, to standard output.
 */
public final class Worker {
  private Worker() {}

  /**
   * Makes the measurements.
   *
   * @param arguments whether native code is to be loaded first, and the name of the class that the
   *     default provider must have
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream answer = System.out;
    // Whatever prints here would spoil the answer.
    System.setOut(System.err);
    String provider = FileSystems.getDefault().provider().getClass().getName();
    if (!provider.equals(arguments[1])) {
      throw new IllegalStateException("the provider is " + provider + ", not " + arguments[1]);
    }
    if (Boolean.parseBoolean(arguments[0])) {
      OurCode.load();
    }
    List<double[]> scores = new ArrayList<>();
    try (ObjectInputStream in = new ObjectInputStream(System.in)) {
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        scores.add(scores(new Runner((Options) in.readObject()).run()));
      }
    }
    try (ObjectOutputStream out = new ObjectOutputStream(answer)) {
      out.writeObject(scores.toArray(double[][]::new));
    }
  }

  private static double[] scores(Collection<RunResult> results) {
    return results.stream()
        .flatMap(run -> run.getBenchmarkResults().stream())
        .map(BenchmarkResult::getIterationResults)
        .flatMap(Collection::stream)
        .map(IterationResult::getPrimaryResult)
        .mapToDouble(result -> result.getScore())
        .toArray();
  }
}
