package dev.copyoffload.examples.benchmarks;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * How many times as fast as stock: the median over rounds, and an interval for it.
 *
 * @param low the interval's lower end
 * @param median of the rounds' ratios
 * @param high the interval's upper end
 */
record Ratio(double low, double median, double high) {
  /** What five rounds can give: their smallest and largest. */
  private static final double COVERAGE = 0.93;

  /**
   * Compares round by round: what drifts between rounds cancels.
   *
   * @param stock nanoseconds of each round
   * @param ours nanoseconds of the same rounds
   */
  static Ratio of(List<Double> stock, List<Double> ours) {
    if (stock.size() != ours.size() || stock.isEmpty()) {
      throw new IllegalArgumentException(stock.size() + " rounds and " + ours.size());
    }
    double[] ratios =
        IntStream.range(0, stock.size())
            .mapToDouble(round -> stock.get(round) / ours.get(round))
            .sorted()
            .toArray();
    int drop = droppedAtEachEnd(ratios.length);
    return new Ratio(ratios[drop], median(ratios), ratios[ratios.length - 1 - drop]);
  }

  static double median(double... values) {
    return new Median().evaluate(values);
  }

  /**
   * How many of the smallest, and of the largest, can be left out of an interval that still holds
   * the true median with that probability, whatever the distribution.
   */
  private static int droppedAtEachEnd(int rounds) {
    BinomialDistribution below = new BinomialDistribution(null, rounds, 0.5);
    int drop = 0;
    while (1 - 2 * below.cumulativeProbability(drop + 1) >= COVERAGE) {
      drop++;
    }
    return drop;
  }

  /** Whether every value of this is larger than every value of the other. */
  boolean isAbove(Ratio other) {
    return low > other.high;
  }
}
