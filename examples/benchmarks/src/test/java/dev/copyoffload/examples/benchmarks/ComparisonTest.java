package dev.copyoffload.examples.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final RowKey ROW = new RowKey("Files.copy", "4 KiB", "ext4", "ext4");
  private static final RowKey OTHER_ROW = new RowKey("Files.copy", "4 KiB", "xfs", "xfs");
  private static final Column STOCK = new Column("17", "stock");
  private static final Column AGENT = new Column("17", "agent");
  private static final Column FLOOR = new Column("", "floor");

  @Test
  void intervalsThatMeet_areNoise() {
    assertFalse(Comparison.isChange(new Ratio(0.9, 1.0, 1.2), new Ratio(1.2, 1.5, 1.6)));
  }

  @Test
  void intervalsApart_areChanges() {
    assertTrue(Comparison.isChange(new Ratio(0.9, 1.0, 1.1), new Ratio(1.2, 1.5, 1.6)));
    assertTrue(Comparison.isChange(new Ratio(1.2, 1.5, 1.6), new Ratio(0.9, 1.0, 1.1)));
  }

  @Test
  void threePercent_areNotWorthTelling() {
    assertFalse(Comparison.isChange(new Ratio(1, 1, 1), new Ratio(1.03, 1.03, 1.03)));
    assertTrue(Comparison.isChange(new Ratio(1, 1, 1), new Ratio(1.04, 1.04, 1.04)));
    assertTrue(Comparison.isChange(new Ratio(1.04, 1.04, 1.04), new Ratio(1, 1, 1)));
  }

  @Test
  void slowerMachine_isNoChange() {
    Comparison comparison =
        Comparison.of(
            results(series(ROW, STOCK, 100, 110), series(ROW, AGENT, 50, 55)),
            results(series(ROW, STOCK, 1000, 1100), series(ROW, AGENT, 500, 550)));

    assertEquals(List.of(), comparison.changes());
    assertEquals(1, comparison.compared());
  }

  @Test
  void changes_worstFirst() {
    Comparison comparison =
        Comparison.of(
            results(
                series(ROW, STOCK, 100, 100),
                series(ROW, AGENT, 100, 100),
                series(ROW, FLOOR, 50, 50)),
            results(
                series(ROW, STOCK, 100, 100),
                series(ROW, AGENT, 80, 80),
                series(ROW, FLOOR, 100, 100)));

    assertEquals(
        List.of(FLOOR, AGENT),
        comparison.changes().stream().map(change -> change.column()).toList());
    assertEquals(0.5, comparison.changes().get(0).factor());
    assertEquals(1.25, comparison.changes().get(1).factor());
  }

  @Test
  void rowsOfOneRunOnly_areNamed() {
    Results one = results(series(ROW, STOCK, 1), series(ROW, AGENT, 1));
    Results other = results(series(OTHER_ROW, STOCK, 1), series(OTHER_ROW, AGENT, 1));

    assertEquals(Set.of(ROW, OTHER_ROW), Comparison.of(one, other).onlyInOne());
    assertEquals(0, Comparison.of(one, other).compared());
  }

  private static Series series(RowKey key, Column column, double... nanos) {
    List<Double> list = new ArrayList<>();
    for (double value : nanos) {
      list.add(value);
    }
    return Series.of(key, column, list);
  }

  private static Results results(Series... series) {
    Machine machine =
        new Machine("Linux", "a processor", 2, 1024, Map.of("17", "17.0.9"), Map.of());
    return new Results("2026-11-22T00:00:00Z", "abc", "--quick", 2, machine, List.of(series));
  }
}
