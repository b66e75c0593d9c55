package dev.copyoffload.transfer;

/**
 * Which of a loop's rounds are done for it.
 *
 * @param length what it reads in a round, to the beginning of its buffer
 * @param keeps whether somebody looks at the buffer afterwards
 */
record Rounds(int length, boolean keeps) {
  /** How much of what there is to read. */
  long of(long rest) {
    // The last round and the whole one before it leave in the buffer what it is to hold.
    return keeps ? Math.max(0, rest - rest % length - length) : rest;
  }

  /** How much of what was moved counts: half a round is done again, by the loop. */
  long whole(long moved, long wanted) {
    return moved == wanted ? moved : moved - moved % length;
  }
}
