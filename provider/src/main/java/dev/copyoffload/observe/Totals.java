package dev.copyoffload.observe;

import dev.copyoffload.CopyStatistics;
import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Outcome;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What was copied since the JVM started, or since the last reset. Safe for use by many threads. */
public final class Totals {
  /** By method, or by those that shared a copy: there are few of them. */
  private static final Map<String, Totals> BY_METHOD = new ConcurrentHashMap<>();

  private static final AtomicLong BYTES_SHARED = new AtomicLong();
  private static final AtomicLong BYTES_MOVED = new AtomicLong();
  private static final AtomicLong BYTES_IN_HOLES = new AtomicLong();
  private static final AtomicLong FAILED = new AtomicLong();
  private static final AtomicLong CANCELLED = new AtomicLong();
  private static final AtomicLong LEFT_TO_JDK = new AtomicLong();

  private final AtomicLong copies = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  private Totals() {}

  static void add(CopyReport report) {
    add(BYTES_SHARED, report.bytesShared());
    add(BYTES_MOVED, report.bytesMoved());
    add(BYTES_IN_HOLES, report.bytesInHoles());
    if (report.end() instanceof Outcome.Completed) {
      Totals method = of(report.method());
      method.copies.incrementAndGet();
      add(method.bytes, report.bytes());
    } else {
      (report.end() instanceof Outcome.Cancelled ? CANCELLED : FAILED).incrementAndGet();
    }
  }

  static void addLeftToJdk() {
    LEFT_TO_JDK.incrementAndGet();
  }

  /** The numbers as they are now. */
  public static CopyStatistics statistics() {
    Map<String, Long> copies = new TreeMap<>();
    Map<String, Long> bytes = new TreeMap<>();
    for (Map.Entry<String, Totals> entry : BY_METHOD.entrySet()) {
      long count = entry.getValue().copies.get();
      if (count > 0) {
        copies.put(entry.getKey(), count);
        bytes.put(entry.getKey(), entry.getValue().bytes.get());
      }
    }
    return new CopyStatistics(
        copies,
        bytes,
        BYTES_SHARED.get(),
        BYTES_MOVED.get(),
        BYTES_IN_HOLES.get(),
        FAILED.get(),
        CANCELLED.get(),
        LEFT_TO_JDK.get());
  }

  /** Starts counting from 0 again. */
  public static void reset() {
    // Kept, not removed: a copy that ends just now may hold one.
    for (Totals method : BY_METHOD.values()) {
      method.copies.set(0);
      method.bytes.set(0);
    }
    BYTES_SHARED.set(0);
    BYTES_MOVED.set(0);
    BYTES_IN_HOLES.set(0);
    FAILED.set(0);
    CANCELLED.set(0);
    LEFT_TO_JDK.set(0);
  }

  private static void add(AtomicLong counter, long amount) {
    if (amount != 0) {
      counter.addAndGet(amount);
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
