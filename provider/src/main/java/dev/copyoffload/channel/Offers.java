package dev.copyoffload.channel;

/**
 * Whether transfers of one kind are worth asking about.
 *
 * <p>To be declined costs a tenth of a transfer of 64 KiB, much more until our code is compiled,
 * and a program that copies on one file system is declined each time or never: after some times in
 * a row only a few are asked.
 *
 * <p>A race between threads loses a count, which does not matter.
 */
final class Offers {
  static final int PATIENCE = 16;

  /** A power of two. */
  static final int ONE_IN = 64;

  private volatile int declined;

  boolean areWorthwhile() {
    int inARow = declined;
    if (inARow < PATIENCE) {
      return true;
    }
    declined = PATIENCE + ((inARow + 1 - PATIENCE) & (ONE_IN - 1));
    return inARow == PATIENCE;
  }

  void note(boolean taken) {
    if (taken) {
      declined = 0;
    } else if (declined < PATIENCE) {
      declined = Math.min(PATIENCE, declined + 1);
    }
  }
}
