package dev.copyoffload.examples.sidebyside;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Function;

/** One source and all that was learnt about its copies: a line of the table. */
final class Row {
  private final Path source;
  private final FileTree files;
  private final List<Double> stockMillis = new ArrayList<>();
  private final List<Double> ourMillis = new ArrayList<>();
  private String methods = "";
  private OptionalLong sharedBytes = OptionalLong.empty();
  private boolean identical = true;

  Row(Path source, FileTree files) {
    this.source = source;
    this.files = files;
  }

  Path copyIn(Path directory) {
    return directory.resolve(source.getFileName());
  }

  void addStock(double millis) {
    stockMillis.add(millis);
  }

  void addOurs(double millis) {
    ourMillis.add(millis);
  }

  void compareWith(Path copy) throws IOException {
    identical &= files.isIdenticalTo(copy);
  }

  void setMethods(String methods) {
    this.methods = methods;
  }

  void setSharedBytes(OptionalLong sharedBytes) {
    this.sharedBytes = sharedBytes;
  }

  boolean identical() {
    return identical;
  }

  static String table(Collection<Row> rows) {
    return AsciiTable.getTable(
        rows,
        List.of(
            left("copied", Row::what),
            right("bytes", row -> format("%,d", row.files.bytes())),
            right("ms stock", row -> millis(median(row.stockMillis))),
            right("ms ours", row -> millis(median(row.ourMillis))),
            right("ratio", row -> ratio(median(row.stockMillis) / median(row.ourMillis))),
            left("method", row -> row.methods),
            right("bytes shared", Row::shared),
            left("identical", row -> row.identical ? "yes" : "NO")));
  }

  private String what() {
    int count = files.files().size();
    String name = String.valueOf(source.getFileName());
    return files.files().contains(source) ? name : format("%s (%,d files)", name, count);
  }

  private String shared() {
    return sharedBytes.isPresent() ? format("%,d", sharedBytes.getAsLong()) : "unknown";
  }

  private static String millis(double millis) {
    return format(millis < 10 ? "%.3f" : "%,.0f", millis);
  }

  private static String ratio(double ratio) {
    return format(ratio < 10 ? "%.2f" : "%,.0f", ratio);
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  private static ColumnData<Row> left(String header, Function<Row, String> value) {
    return new Column()
        .header(header)
        .headerAlign(HorizontalAlign.LEFT)
        .dataAlign(HorizontalAlign.LEFT)
        .maxWidth(60)
        .with(value);
  }

  private static ColumnData<Row> right(String header, Function<Row, String> value) {
    return new Column()
        .header(header)
        .headerAlign(HorizontalAlign.RIGHT)
        .dataAlign(HorizontalAlign.RIGHT)
        .with(value);
  }
}
