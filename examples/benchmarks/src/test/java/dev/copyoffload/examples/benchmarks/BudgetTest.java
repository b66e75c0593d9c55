package dev.copyoffload.examples.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private final Budget budget = new Budget(Duration.ofSeconds(100));

  @Test
  void firstRound_isNeededToKnow() {
    assertEquals(1, budget.rounds(Duration.ofSeconds(999), Duration.ZERO, 0));
  }

  @Test
  void moreRounds_fillWhatIsLeft() {
    assertEquals(4, budget.rounds(Duration.ofSeconds(11), Duration.ofSeconds(21), 1));
  }

  @Test
  void reserve_isKept() {
    // 96 seconds are left for rounds of 25: a fourth would end at 100.
    assertEquals(3, budget.rounds(Duration.ZERO, Duration.ofSeconds(25), 1));
  }

  @Test
  void slowerRounds_makeFewer() {
    assertEquals(9, budget.rounds(Duration.ZERO, Duration.ofSeconds(10), 1));
    assertEquals(4, budget.rounds(Duration.ZERO, Duration.ofSeconds(40), 2));
  }

  @Test
  void overdrawn_endsWithWhatIsDone() {
    assertEquals(2, budget.rounds(Duration.ZERO, Duration.ofMinutes(5), 2));
  }

  @Test
  void quickRounds_areEnoughSomeTime() {
    assertEquals(Budget.MAX_ROUNDS, budget.rounds(Duration.ZERO, Duration.ofMillis(10), 1));
  }
}
