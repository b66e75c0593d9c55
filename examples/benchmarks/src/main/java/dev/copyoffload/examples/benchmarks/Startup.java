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
          Variant.STOCK,
          Variant.EMPTY_AGENT,
          Variant.AGENT,
          Variant.AGENTLIB,
          Variant.LEAN,
          Variant.TRANSPARENT,
          Variant.PROPERTY);

  private static final int STARTS = 5;

  private final Artifacts artifacts;
  private final Children children;

  Startup(Artifacts artifacts, Children children) {
    this.artifacts = artifacts;
    this.children = children;
  }

  /** Adds medians of some starts, which take turns one by one. */
  void run(List<Jdk> jdks, int round, Figures figures) throws IOException, InterruptedException {
    List<Start> starts = Start.all(jdks, VARIANTS);
    Map<Start, List<Double>> wall = new HashMap<>();
    Map<Start, List<Double>> cpu = new HashMap<>();
    for (int i = 0; i < STARTS; i++) {
      for (Start start : Turns.of(starts, round * STARTS + i)) {
        long cpuBefore = Children.cpuNanos();
        long before = System.nanoTime();
        start.run(artifacts, children, Nothing.class);
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

  private static void add(Map<Start, List<Double>> figures, Start start, long nanos) {
    figures.computeIfAbsent(start, absent -> new ArrayList<>()).add((double) nanos);
  }

  private static double median(Map<Start, List<Double>> figures, Start start) {
    return Ratio.median(
        figures.getOrDefault(start, List.of()).stream().mapToDouble(d -> d).toArray());
  }
}
