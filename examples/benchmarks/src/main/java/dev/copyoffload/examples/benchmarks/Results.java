package dev.copyoffload.examples.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run found: {@code results.json}.
 *
 * @param date when it began, as ISO 8601
 * @param commit of the project
 * @param command the arguments
 * @param rounds JVMs of each variant
 * @param machine where
 * @param rows figures in nanoseconds
 */
record Results(
    String date, String commit, String command, int rounds, Machine machine, List<Series> rows) {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  static Results read(Path file) throws IOException {
    return MAPPER.readValue(file.toFile(), Results.class);
  }

  void write(Path file) throws IOException {
    MAPPER.writeValue(file.toFile(), this);
  }

  /** The ratio of each column to stock of its JDK; of those without a JDK, to the first one's. */
  Map<RowKey, Map<Column, Ratio>> ratios() {
    Map<RowKey, Map<Column, Series>> table = new LinkedHashMap<>();
    for (Series series : rows) {
      table
          .computeIfAbsent(series.key(), key -> new LinkedHashMap<>())
          .put(series.column(), series);
    }
    String firstJdk = machine.jdks().keySet().iterator().next();
    Map<RowKey, Map<Column, Ratio>> ratios = new LinkedHashMap<>();
    table.forEach(
        (key, columns) -> {
          Map<Column, Ratio> row = new LinkedHashMap<>();
          columns.forEach(
              (column, series) -> {
                String jdk = column.jdk().isEmpty() ? firstJdk : column.jdk();
                Series stock = columns.get(new Column(jdk, Variant.STOCK.label()));
                if (stock != null && !series.equals(stock)) {
                  row.put(column, Ratio.of(stock.nanos(), series.nanos()));
                }
              });
          ratios.put(key, row);
        });
    return ratios;
  }
}
