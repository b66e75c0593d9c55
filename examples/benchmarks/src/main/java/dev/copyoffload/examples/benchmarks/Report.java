package dev.copyoffload.examples.benchmarks;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Tables for people: {@code results.md} and the console. */
final class Report {
  /** No line but the one below the header, which is what Markdown wants. */
  private static final Character[] MARKDOWN = border();

  private final Results results;
  private final Map<RowKey, Map<Column, Ratio>> ratios;

  Report(Results results) {
    this.results = results;
    ratios = results.ratios();
  }

  /** The whole file. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    Machine machine = results.machine();
    text.append("# Benchmarks\n\n");
    appendChart(text, "Copies of a new JVM", "new-jvm.svg", NewJvms::isRow);
    appendChart(text, "Large files, warm", "large.svg", Report::isWarm);
    text.append(
        format(
            "%s, commit %s, `examples/benchmarks/run %s`.%n",
            results.date(), results.commit(), results.command()));
    text.append(
        format(
            "%s, %d × %s, %,d MiB.%n",
            machine.kernel(), machine.processors(), machine.processor(), machine.memoryMib()));
    machine.jdks().forEach((name, version) -> text.append(format("JDK %s: %s.%n", name, version)));
    text.append(
        """

        Each figure is stock's time divided by ours: above 1 ours is faster. It is the median over \
        rounds; in brackets, an interval that holds the true median with 93 % or more (with fewer than \
        five rounds: the smallest and the largest). In each round every variant had a JVM of its own, \
        by turns. `agentlib`: the agent, by `-agentlib:instrument`; `lean`: the property, our jar on the boot class path; \
        `transparent`: on the class path. `floor`: the system calls alone; `cp`: the process of `cp --reflink=auto`.

        """);
    appendTable(text, "Copies of a new JVM, alone and with the whole process", NewJvms::isRow);
    appendTable(text, "Calls of a JVM that is warm", Report::isWarm);
    String starts = startTable();
    if (!starts.isEmpty()) {
      text.append("A JVM whose program does nothing:\n\n").append(starts).append('\n');
    }
    return text.toString();
  }

  private static boolean isWarm(RowKey key) {
    return !NewJvms.isRow(key) && !Startup.KEYS.contains(key);
  }

  private void appendChart(
      StringBuilder text, String title, String file, Predicate<RowKey> wanted) {
    first(wanted).ifPresent(series -> text.append(format("![%s](%s)%n%n", title, file)));
  }

  private void appendTable(StringBuilder text, String title, Predicate<RowKey> wanted) {
    first(wanted)
        .ifPresent(
            series -> {
              int rounds = series.nanos().size();
              text.append(format("%s, %d round%s:%n%n", title, rounds, rounds == 1 ? "" : "s"))
                  .append(ratioTable(wanted))
                  .append("\n\n");
            });
  }

  private Optional<Series> first(Predicate<RowKey> wanted) {
    return results.rows().stream().filter(series -> wanted.test(series.key())).findFirst();
  }

  /** One row a call, one column a JDK and variant. */
  String ratioTable(Predicate<RowKey> wanted) {
    List<RowKey> rows = ratios.keySet().stream().filter(wanted).toList();
    Set<Column> columns = new LinkedHashSet<>();
    rows.forEach(key -> columns.addAll(ratios.getOrDefault(key, Map.of()).keySet()));
    List<ColumnData<RowKey>> table = new ArrayList<>();
    table.add(left("call", RowKey::call));
    table.add(left("size", RowKey::size));
    table.add(left("on", RowKey::places));
    for (String jdk : results.machine().jdks().keySet()) {
      Column stock = new Column(jdk, Variant.STOCK.label());
      table.add(right(jdk + " stock takes", key -> time(key, stock)));
      columns.stream().filter(column -> column.jdk().equals(jdk)).forEach(c -> add(table, c));
    }
    columns.stream().filter(column -> column.jdk().isEmpty()).forEach(c -> add(table, c));
    return AsciiTable.getTable(MARKDOWN, rows, table);
  }

  /** One row a JDK and variant; empty where starts were not timed. */
  private String startTable() {
    List<Series> wall =
        results.rows().stream().filter(series -> series.key().equals(Startup.WALL)).toList();
    return wall.isEmpty()
        ? ""
        : AsciiTable.getTable(
            MARKDOWN,
            wall,
            List.of(
                left("JDK", Series::jdk),
                left("", Series::variant),
                right("takes", series -> time(Startup.WALL, series.column())),
                right("CPU", series -> time(Startup.CPU, series.column())),
                right("stock / this", series -> ratio(Startup.WALL, series.column()))));
  }

  static String changes(Comparison comparison) {
    return AsciiTable.getTable(
        comparison.changes(),
        List.of(
            left("call", change -> change.key().call()),
            left("size", change -> change.key().size()),
            left("on", change -> change.key().places()),
            left("column", change -> change.column().toString()),
            right("old", change -> text(change.before())),
            right("new", change -> text(change.after())),
            right(
                "",
                change ->
                    format(
                        "%.2f times as fast%s",
                        change.factor(), change.factor() < 1 ? ": slower" : ""))));
  }

  private void add(List<ColumnData<RowKey>> table, Column column) {
    table.add(right(column.toString().strip(), key -> ratio(key, column)));
  }

  private String ratio(RowKey key, Column column) {
    return Optional.ofNullable(ratios.getOrDefault(key, Map.of()).get(column))
        .map(Report::text)
        .orElse("");
  }

  private String time(RowKey key, Column column) {
    return results.rows().stream()
        .filter(series -> series.key().equals(key) && series.column().equals(column))
        .findFirst()
        .map(series -> series.nanos().stream().mapToDouble(d -> d).toArray())
        .map(nanos -> time(Ratio.median(nanos)))
        .orElse("");
  }

  private static String text(Ratio ratio) {
    return format("%s (%s–%s)", number(ratio.median()), number(ratio.low()), number(ratio.high()));
  }

  private static String number(double ratio) {
    return format(ratio < 10 ? "%.2f" : ratio < 100 ? "%.1f" : "%,.0f", ratio);
  }

  private static String time(double nanos) {
    if (nanos < 1e3) {
      return format("%.0f ns", nanos);
    }
    return nanos < 1e6 ? format("%.1f µs", nanos / 1e3) : format("%,.1f ms", nanos / 1e6);
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  private static <T> ColumnData<T> left(String header, Function<T, String> value) {
    return column(header, HorizontalAlign.LEFT, value);
  }

  private static <T> ColumnData<T> right(String header, Function<T, String> value) {
    return column(header, HorizontalAlign.RIGHT, value);
  }

  private static <T> ColumnData<T> column(
      String header, HorizontalAlign align, Function<T, String> value) {
    return new com.github.freva.asciitable.Column()
        .header(header)
        .headerAlign(align)
        .dataAlign(align)
        .maxWidth(Integer.MAX_VALUE)
        .with(value);
  }

  private static Character[] border() {
    Character[] border = new Character[AsciiTable.BASIC_ASCII.length];
    for (int column : List.of(4, 5, 6, 7, 9, 10, 11, 12, 13)) {
      border[column] = '|';
    }
    border[8] = '-';
    return border;
  }
}
