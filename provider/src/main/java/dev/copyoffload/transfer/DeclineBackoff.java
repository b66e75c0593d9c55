package dev.copyoffload.transfer;

import dev.copyoffload.engine.Tuning;

/**
 * Whether transfers of one kind are worth asking about.
 *
 * <p>To be declined costs a tenth of a transfer of 64 KiB, much more until our code is compiled,
 * and a program that copies on one file system is declined each time or never: after some times in
 * a row only a few are asked.
 *
 * <p>A race between threads loses a count, which does not matter.
 */
final class DeclineBackoff {
  private volatile int declined;

  boolean areWorthwhile() {
    int inARow = declined;
    if (inARow < Tuning.PATIENCE) {
      return true;
    }
    declined = Tuning.PATIENCE + ((inARow + 1 - Tuning.PATIENCE) & (Tuning.ONE_IN - 1));
    return inARow == Tuning.PATIENCE;
  }

  void note(boolean taken) {
    if (taken) {
      declined = 0;
    } else if (declined < Tuning.PATIENCE) {
      declined = Math.min(Tuning.PATIENCE, declined + 1);
    }
  }
}
