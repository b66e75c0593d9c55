package dev.copyoffload.examples.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What got faster or slower between two runs.
 *
 * <p>Ratios to stock are compared, not times: stock ran beside ours each time.
 *
 * @param changes beyond the noise, the largest slow-down first
 * @param compared how many ratios are in both
 * @param onlyInOne rows that are in one of them alone
 */
record Comparison(List<Change> changes, int compared, Set<RowKey> onlyInOne) {
  /** Less is not worth a line, however sure. */
  private static final double WORTH_TELLING = 1.03;

  static Comparison of(Results before, Results after) {
    Map<RowKey, Map<Column, Ratio>> old = before.ratios();
    Map<RowKey, Map<Column, Ratio>> now = after.ratios();
    List<Change> changes = new ArrayList<>();
    int compared = 0;
    for (Map.Entry<RowKey, Map<Column, Ratio>> row : now.entrySet()) {
      Map<Column, Ratio> oldRow = old.getOrDefault(row.getKey(), Map.of());
      for (Map.Entry<Column, Ratio> cell : row.getValue().entrySet()) {
        Ratio oldRatio = oldRow.get(cell.getKey());
        if (oldRatio != null) {
          compared++;
          if (isChange(oldRatio, cell.getValue())) {
            changes.add(new Change(row.getKey(), cell.getKey(), oldRatio, cell.getValue()));
          }
        }
      }
    }
    changes.sort((one, other) -> Double.compare(one.factor(), other.factor()));
    Set<RowKey> onlyInOne = new LinkedHashSet<>(old.keySet());
    onlyInOne.removeAll(now.keySet());
    now.keySet().stream().filter(key -> !old.containsKey(key)).forEach(onlyInOne::add);
    return new Comparison(changes, compared, onlyInOne);
  }

  /** Whether the intervals have nothing in common, and the medians are some percent apart. */
  static boolean isChange(Ratio before, Ratio after) {
    double factor = after.median() / before.median();
    return (after.isAbove(before) && factor > WORTH_TELLING)
        || (before.isAbove(after) && 1 / factor > WORTH_TELLING);
  }

  /**
   * One ratio that changed.
   *
   * @param key the row
   * @param column the column
   * @param before its ratio in the older run
   * @param after its ratio in the newer one
   */
  record Change(RowKey key, Column column, Ratio before, Ratio after) {
    /** How many times as fast as before. */
    double factor() {
      return after.median() / before.median();
    }
  }
}
