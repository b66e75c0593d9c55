package dev.copyoffload.examples.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nanoseconds by row and column, one for each round. */
final class Figures {
  private final Map<RowKey, Map<Column, List<Double>>> figures = new LinkedHashMap<>();

  void add(RowKey key, Column column, double nanos) {
    figures
        .computeIfAbsent(key, absent -> new LinkedHashMap<>())
        .computeIfAbsent(column, absent -> new ArrayList<>())
        .add(nanos);
  }

  boolean isEmpty() {
    return figures.isEmpty();
  }

  List<Series> series() {
    List<Series> series = new ArrayList<>();
    figures.forEach(
        (key, columns) ->
            columns.forEach((column, nanos) -> series.add(Series.of(key, column, nanos))));
    return series;
  }
}
