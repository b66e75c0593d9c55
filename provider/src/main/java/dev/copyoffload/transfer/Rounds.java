package dev.copyoffload.transfer;

/**
 * Which of a loop's rounds are done for it.
 *
 * @param unit bytes of so many rounds as are done together
 * @param keeps whether the last of them are the loop's, so that buffers hold what it leaves there
 */
record Rounds(int unit, boolean keeps) {
  /** How much of what there is to read. */
  long of(long rest) {
    // The last round and the whole one before it leave in the buffer what it is to hold.
    return keeps ? Math.max(0, rest - rest % unit - unit) : rest;
  }

  /** How much of what was moved counts: half a round is done again, by the loop. */
  long whole(long moved, long wanted) {
    return moved == wanted ? moved : moved - moved % unit;
  }
}
