package dev.copyoffload.observe;

import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Outcome;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What was copied since the JVM started, or since the last reset. Safe for use by many threads. */
final class Totals {
  /** By method, or by those that shared a copy: there are few of them. */
  private static final Map<String, Totals> BY_METHOD = new ConcurrentHashMap<>();

  private static final LongAdder BYTES_SHARED = new LongAdder();
  private static final LongAdder BYTES_MOVED = new LongAdder();
  private static final LongAdder BYTES_IN_HOLES = new LongAdder();
  private static final LongAdder FAILED = new LongAdder();
  private static final LongAdder CANCELLED = new LongAdder();
  private static final LongAdder LEFT_TO_JDK = new LongAdder();

  private final LongAdder copies = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  private Totals() {}

  static void add(CopyReport report) {
    add(BYTES_SHARED, report.bytesShared());
    add(BYTES_MOVED, report.bytesMoved());
    add(BYTES_IN_HOLES, report.bytesInHoles());
    if (report.end() instanceof Outcome.Completed) {
      Totals method = of(report.method());
      method.copies.increment();
      add(method.bytes, report.bytes());
    } else {
      (report.end() instanceof Outcome.Cancelled ? CANCELLED : FAILED).increment();
    }
  }

  static void addLeftToJdk() {
    LEFT_TO_JDK.increment();
  }

  static CopyStatistics statistics() {
    Map<String, Long> copies = new TreeMap<>();
    Map<String, Long> bytes = new TreeMap<>();
    for (Map.Entry<String, Totals> entry : BY_METHOD.entrySet()) {
      long count = entry.getValue().copies.sum();
      if (count > 0) {
        copies.put(entry.getKey(), count);
        bytes.put(entry.getKey(), entry.getValue().bytes.sum());
      }
    }
    return new CopyStatistics(
        copies,
        bytes,
        BYTES_SHARED.sum(),
        BYTES_MOVED.sum(),
        BYTES_IN_HOLES.sum(),
        FAILED.sum(),
        CANCELLED.sum(),
        LEFT_TO_JDK.sum());
  }

  static void reset() {
    // Kept, not removed: a copy that ends just now may hold one.
    for (Totals method : BY_METHOD.values()) {
      method.copies.reset();
      method.bytes.reset();
    }
    BYTES_SHARED.reset();
    BYTES_MOVED.reset();
    BYTES_IN_HOLES.reset();
    FAILED.reset();
    CANCELLED.reset();
    LEFT_TO_JDK.reset();
  }

  private static void add(LongAdder adder, long amount) {
    if (amount != 0) {
      adder.add(amount);
    }
  }

  private static Totals of(String method) {
    Totals known = BY_METHOD.get(method);
    if (known != null) {
      return known;
    }
    Totals added = new Totals();
    Totals before = BY_METHOD.putIfAbsent(method, added);
    return before == null ? added : before;
  }
}
