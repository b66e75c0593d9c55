package dev.copyoffload.examples.benchmarks;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;

/**
 * The figures of one row and one column.
 *
 * @param call see {@link RowKey}
 * @param size see {@link RowKey}
 * @param source see {@link RowKey}
 * @param target see {@link RowKey}
 * @param jdk see {@link Column}
 * @param variant see {@link Column}
 * @param nanos nanoseconds of one call: of each round the median of its iterations
 */
record Series(
    String call,
    String size,
    String source,
    String target,
    String jdk,
    String variant,
    List<Double> nanos) {
  static Series of(RowKey key, Column column, List<Double> nanos) {
    return new Series(
        key.call(),
        key.size(),
        key.source(),
        key.target(),
        column.jdk(),
        column.variant(),
        List.copyOf(nanos));
  }

  @JsonIgnore
  RowKey key() {
    return new RowKey(call, size, source, target);
  }

  @JsonIgnore
  Column column() {
    return new Column(jdk, variant);
  }
}
