package dev.copyoffload.examples.benchmarks;

import dev.copyoffload.examples.benchmarks.calls.Nothing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Times whole processes: a JVM whose program does nothing. */
final class Startup {
  static final RowKey WALL = new RowKey("JVM start and end, time", "", "", "");
  static final RowKey CPU = new RowKey("JVM start and end, CPU", "", "", "");
  static final List<RowKey> KEYS = List.of(WALL, CPU);
  static final Set<Variant> VARIANTS =
      EnumSet.of(
          Variant.STOCK, Variant.EMPTY_AGENT, Variant.AGENT, Variant.TRANSPARENT, Variant.PROPERTY);

  private static final int STARTS = 5;

  private final Artifacts artifacts;
  private final Children children;

  Startup(Artifacts artifacts, Children children) {
    this.artifacts = artifacts;
    this.children = children;
  }

  /** Adds medians of some starts, which take turns one by one. */
  void run(List<Jdk> jdks, int round, Figures figures) throws IOException, InterruptedException {
    List<Start> starts = new ArrayList<>();
    for (Jdk jdk : jdks) {
      for (Variant variant : VARIANTS) {
        starts.add(new Start(jdk, variant));
      }
    }
    Map<Start, List<Double>> wall = new HashMap<>();
    Map<Start, List<Double>> cpu = new HashMap<>();
    for (int i = 0; i < STARTS; i++) {
      for (Start start : Turns.of(starts, round * STARTS + i)) {
        long cpuBefore = Children.cpuNanos();
        long before = System.nanoTime();
        run(start);
        long after = System.nanoTime();
        add(wall, start, after - before);
        add(cpu, start, Children.cpuNanos() - cpuBefore);
      }
    }
    for (Start start : starts) {
      figures.add(WALL, start.column(), median(wall, start));
      figures.add(CPU, start.column(), median(cpu, start));
    }
  }

  private void run(Start start) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(start.jdk().java()));
    command.addAll(start.variant().jvmArguments(artifacts, start.jdk().release()));
    command.add(Nothing.class.getName());
    int status = children.start(new ProcessBuilder(command).inheritIO()).waitFor();
    if (status != 0) {
      throw new IOException(String.join(" ", command) + ": status " + status);
    }
  }

  private static void add(Map<Start, List<Double>> figures, Start start, long nanos) {
    figures.computeIfAbsent(start, absent -> new ArrayList<>()).add((double) nanos);
  }

  private static double median(Map<Start, List<Double>> figures, Start start) {
    return Ratio.median(
        figures.getOrDefault(start, List.of()).stream().mapToDouble(d -> d).toArray());
  }

  private record Start(Jdk jdk, Variant variant) {
    Column column() {
      return new Column(jdk.label(), variant.label());
    }
  }
}
