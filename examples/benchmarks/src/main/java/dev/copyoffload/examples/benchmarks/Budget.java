package dev.copyoffload.examples.benchmarks;

import java.time.Duration;

/**
 * How many rounds fit.
 *
 * @param total the time for all, from the start of the program
 */
record Budget(Duration total) {
  /** Enough for any interval; what is left of the time is given back. */
  static final int MAX_ROUNDS = 15;

  /** Kept for the report, and for a round that takes longer than those before. */
  private static final double RESERVE = 0.04;

  /**
   * The rounds in all.
   *
   * @param beforeRounds time from the start to the first round
   * @param inRounds time of the rounds that are done
   * @param done how many those are; none: one is needed to know
   */
  int rounds(Duration beforeRounds, Duration inRounds, int done) {
    if (done == 0) {
      return 1;
    }
    double forRounds = total.toNanos() * (1 - RESERVE) - beforeRounds.toNanos();
    double round = Math.max(1, inRounds.toNanos()) / (double) done;
    return (int) Math.max(done, Math.min(MAX_ROUNDS, Math.floor(forRounds / round)));
  }
}
