package dev.copyoffload.examples.benchmarks;

import dev.copyoffload.examples.benchmarks.calls.Worker;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Makes measurements in a JVM of its own. */
final class Fork {
  /** From this release on the JVM knows the option, and warns of what JMH does. */
  private static final int UNSAFE_WARNS = 23;

  private final Artifacts artifacts;
  private final Children children;

  Fork(Artifacts artifacts, Children children) {
    this.artifacts = artifacts;
    this.children = children;
  }

  /**
   * Makes them, one after the other.
   *
   * @return of each the median of its iterations, in nanoseconds a call
   */
  List<Double> run(Jdk jdk, Variant variant, List<Measurement> measurements)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(jdk.java()));
    command.addAll(variant.jvmArguments(artifacts, jdk.release()));
    if (jdk.release() >= UNSAFE_WARNS) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    // One run at a time is the caller's business, and looking for blackholes starts more JVMs.
    command.addAll(
        List.of(
            "-Djmh.ignoreLock=true",
            "-Djmh.blackhole.autoDetect=false",
            Worker.class.getName(),
            Boolean.toString(variant.isOurs()),
            variant.provider()));
    Process process =
        children.start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
    double[][] scores = {};
    IOException failure = null;
    try (ObjectOutputStream out =
        new ObjectOutputStream(new BufferedOutputStream(process.getOutputStream()))) {
      out.writeInt(measurements.size());
      for (Measurement measurement : measurements) {
        out.writeObject(measurement.options(variant));
      }
      out.flush();
      try (ObjectInputStream in = new ObjectInputStream(process.getInputStream())) {
        scores = (double[][]) in.readObject();
      }
    } catch (IOException e) {
      failure = e;
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
    int status = process.waitFor();
    if (failure != null || status != 0 || scores.length != measurements.size()) {
      throw new IOException(
          "%s on %s ended with status %d".formatted(variant.label(), jdk.home(), status), failure);
    }
    List<Double> medians = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      medians.add(Ratio.median(scores[i]) / Math.max(1, measurements.get(i).pace().batch()));
    }
    return medians;
  }
}
