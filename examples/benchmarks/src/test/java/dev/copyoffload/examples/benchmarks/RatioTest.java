package dev.copyoffload.examples.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RatioTest {
  @Test
  void ofRounds_comparesEachWithItsOwn() {
    // The second round ran on a machine ten times as slow: both did.
    assertEquals(new Ratio(2, 2, 2), Ratio.of(List.of(10.0, 100.0), List.of(5.0, 50.0)));
  }

  @Test
  void ofOddRounds_middleOne() {
    assertEquals(new Ratio(1, 3, 4), Ratio.of(List.of(4.0, 1.0, 3.0), List.of(1.0, 1.0, 1.0)));
  }

  @Test
  void ofEvenRounds_meanOfTheMiddleTwo() {
    assertEquals(
        new Ratio(1, 3, 8), Ratio.of(List.of(8.0, 1.0, 4.0, 2.0), List.of(1.0, 1.0, 1.0, 1.0)));
  }

  @Test
  void interval_isWholeRangeUpToSevenRounds() {
    assertEquals(new Ratio(1, 3, 5), ofOneTo(5));
    assertEquals(new Ratio(1, 4, 7), ofOneTo(7));
  }

  @Test
  void interval_leavesOutliersOutOfManyRounds() {
    // Of eight, the second to the seventh hold it with 92.97 % only: 1 - 2 * (1 + 8) / 256.
    assertEquals(new Ratio(1, 4.5, 8), ofOneTo(8));
    // Of nine with 96.1 %: 1 - 2 * (1 + 9) / 512.
    assertEquals(new Ratio(2, 5, 8), ofOneTo(9));
    // Of fifteen, the fourth to the twelfth with 96.5 %; the fifth to the eleventh with 88 %.
    assertEquals(new Ratio(4, 8, 12), ofOneTo(15));
  }

  @Test
  void ofUnevenRounds_refused() {
    assertThrows(IllegalArgumentException.class, () -> Ratio.of(List.of(1.0, 2.0), List.of(1.0)));
    assertThrows(IllegalArgumentException.class, () -> Ratio.of(List.of(), List.of()));
  }

  private static Ratio ofOneTo(int rounds) {
    List<Double> stock = IntStream.rangeClosed(1, rounds).mapToObj(i -> (double) i).toList();
    return Ratio.of(stock, Collections.nCopies(rounds, 1.0));
  }
}
