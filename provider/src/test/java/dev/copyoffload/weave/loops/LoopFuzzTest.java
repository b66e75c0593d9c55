package dev.copyoffload.weave.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever instructions a loop has, with a call in front it does the same.
 *
 * <p>The same mutants again, or more of them: {@code -Dcopyoffload.test.seed=…
 * -Dcopyoffload.test.mutants=…}.
 */
class LoopFuzzTest {
  private static final int ENOUGH = 10;

  @Test
  void testMutants_doTheSame() {
    long seed = Long.getLong("copyoffload.test.seed", System.nanoTime());
    int count = Integer.getInteger("copyoffload.test.mutants", 600);
    System.out.println("LoopFuzzTest: -Dcopyoffload.test.seed=" + seed);
    // Where whatever is thrown is caught, a loop that does not end cannot be ended.
    List<Samples.Sample> samples =
        Samples.all().stream()
            .filter(sample -> sample.isCopy() && !sample.name().matches(".*_(locking|closing)"))
            .toList();
    Mutants mutants = new Mutants(Samples.compile(samples));
    int woven = 0;
    for (int i = 0; i < count; i++) {
      Random random = new Random(seed + i);
      String name = samples.get(random.nextInt(samples.size())).name();
      byte[] mutant;
      try {
        mutant = mutants.mutant(name, random);
      } catch (RuntimeException e) {
        // No class file can hold it.
        continue;
      }
      byte[] asking = new LoopWeaver(Woven.HOOK).weave(mutant);
      try {
        if (asking != null && compare(name, mutant, asking, random)) {
          woven++;
        }
      } catch (ReflectiveOperationException | LinkageError | AssertionError e) {
        throw new AssertionError("seed " + (seed + i) + ", " + name + ": " + e.getMessage(), e);
      }
    }
    System.out.println("LoopFuzzTest: " + woven + " of " + count + " were valid and woven");
    assertTrue(woven > count / ENOUGH, () -> "few of the mutants were woven");
  }

  /** Whether the mutant was one that a JVM takes. */
  private static boolean compare(String name, byte[] mutant, byte[] asking, Random random)
      throws ReflectiveOperationException {
    Method expected;
    try {
      expected = Woven.method(Woven.load(Samples.CLASS_NAME, Mutants.withTicks(mutant)), name);
    } catch (VerifyError | ClassFormatError e) {
      return false;
    }
    Method actual = Woven.method(Woven.load(Samples.CLASS_NAME, Mutants.withTicks(asking)), name);
    for (Trial trial : trials(random)) {
      String stock = trial.run(expected);
      if (!stock.contains(Trial.Endless.class.getName())) {
        assertEquals(stock, trial.run(actual), trial::toString);
      }
    }
    return true;
  }

  private static List<Trial> trials(Random random) {
    List<Trial> trials = new ArrayList<>();
    for (int rounds : new int[] {1, Integer.MAX_VALUE}) {
      trials.add(new Trial(0, 8, 8, 0, 0, 0, false, rounds));
      trials.add(new Trial(43, 8, 8, 0, 0, 0, false, rounds));
      for (int i = 0; i < 10; i++) {
        int[] places = random.ints(3, -6, 6).map(place -> Math.max(0, place)).toArray();
        trials.add(
            new Trial(
                random.nextInt(50),
                1 + random.nextInt(9),
                1 + random.nextInt(9),
                places[0],
                places[1],
                places[2],
                random.nextBoolean(),
                rounds));
      }
    }
    return trials;
  }
}
