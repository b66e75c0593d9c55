package dev.copyoffload.examples.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Who goes first, and after whom. */
final class Turns {
  private Turns() {}

  /**
   * Orders what takes turns: rotated by the round, and every other round backwards, so that nobody
   * always follows the same one and meets what it left in caches and journals.
   */
  static <T> List<T> of(List<T> all, int round) {
    List<T> turns = new ArrayList<>(all);
    Collections.rotate(turns, -round);
    if (round % 2 == 1) {
      Collections.reverse(turns);
    }
    return turns;
  }
}
