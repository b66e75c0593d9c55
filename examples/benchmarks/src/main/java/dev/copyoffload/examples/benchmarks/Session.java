package dev.copyoffload.examples.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Runs blocks in rounds: in each, every variant of a block once, in turns. */
final class Session {
  private final List<Jdk> jdks;
  private final List<Block> blocks;
  private final boolean withStartup;
  private final Artifacts artifacts;
  private final Budget budget;
  private final Instant begin;
  private final Figures figures;
  private Duration left = Duration.ZERO;
  private int rounds;

  /**
   * Makes a session of blocks.
   *
   * @param begin from when on the budget counts
   * @param figures where they go
   */
  Session(
      List<Jdk> jdks,
      List<Block> blocks,
      boolean withStartup,
      Artifacts artifacts,
      Budget budget,
      Instant begin,
      Figures figures) {
    this.jdks = jdks;
    this.blocks = blocks;
    this.withStartup = withStartup;
    this.artifacts = artifacts;
    this.budget = budget;
    this.begin = begin;
    this.figures = figures;
  }

  /** How many rounds were run. */
  int rounds() {
    return rounds;
  }

  void run() throws IOException, InterruptedException {
    Instant beginOfRounds = Instant.now();
    Duration before = Duration.between(begin, beginOfRounds);
    int stepsOfRound = blocks.stream().mapToInt(block -> steps(block).size()).sum();
    stepsOfRound += withStartup ? 1 : 0;
    if (stepsOfRound == 0) {
      return;
    }
    left = budget.total().minus(before);
    try (Children children = new Children();
        ProgressBar progress =
            new ProgressBarBuilder()
                .setTaskName("benchmarks")
                .setInitialMax(stepsOfRound)
                .setUpdateIntervalMillis(1000)
                .setMaxRenderedLength(100)
                .setEtaFunction(state -> left.isNegative() ? Optional.empty() : Optional.of(left))
                .build()) {
      Fork fork = new Fork(artifacts, children);
      Startup startup = new Startup(artifacts, children);
      int planned = 1;
      while (rounds < planned) {
        String round = "round %d of %s, ".formatted(rounds + 1, rounds == 0 ? "?" : planned);
        for (Block block : blocks) {
          progress.setExtraMessage(round + block.name());
          run(block, fork, progress);
        }
        if (withStartup) {
          progress.setExtraMessage(round + "start-up");
          startup.run(jdks, rounds, figures);
          progress.step();
        }
        rounds++;
        Duration inRounds = Duration.between(beginOfRounds, Instant.now());
        planned = budget.rounds(before, inRounds, rounds);
        progress.maxHint((long) planned * stepsOfRound);
        left = inRounds.dividedBy(rounds).multipliedBy(planned - rounds);
      }
    }
  }

  private void run(Block block, Fork fork, ProgressBar progress)
      throws IOException, InterruptedException {
    for (Step step : Turns.of(steps(block), rounds)) {
      Instant before = Instant.now();
      List<Measurement> measurements = block.measurements(step.variant());
      List<Double> nanos = fork.run(step.jdk(), step.variant(), measurements);
      for (int i = 0; i < nanos.size(); i++) {
        figures.add(measurements.get(i).key(), step.column(), nanos.get(i));
      }
      progress.step();
      left = left.minus(Duration.between(before, Instant.now()));
    }
  }

  private List<Step> steps(Block block) {
    List<Step> steps = new ArrayList<>();
    for (Jdk jdk : jdks) {
      steps.add(new Step(jdk, Variant.STOCK));
      Variant.OURS.forEach(variant -> steps.add(new Step(jdk, variant)));
    }
    for (Variant reference : Variant.REFERENCES) {
      if (!block.measurements(reference).isEmpty()) {
        steps.add(new Step(jdks.get(0), reference));
      }
    }
    return steps;
  }

  private record Step(Jdk jdk, Variant variant) {
    Column column() {
      boolean isReference = Variant.REFERENCES.contains(variant);
      return new Column(isReference ? "" : jdk.label(), variant.label());
    }
  }
}
