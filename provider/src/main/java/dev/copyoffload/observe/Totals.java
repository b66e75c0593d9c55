package dev.copyoffload.observe;

import dev.copyoffload.CopyStatistics;
import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Outcome;
import dev.copyoffload.linux.Completion;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What was copied since the JVM started, or since the last reset. Safe for use by many threads.
 *
 * <p>One monitor a copy, and not an atomic number for each count: until they are compiled those
 * take half a microsecond each.
 */
public final class Totals {
  /** By method, or by those that shared a copy: there are few of them. */
  private static final Map<String, Totals> BY_METHOD = new ConcurrentHashMap<>();

  /** The entry of the latest copy: the next one mostly has the same method. */
  private static volatile @Nullable Totals latest;

  private static final AtomicLong FAILED = new AtomicLong();
  private static final AtomicLong CANCELLED = new AtomicLong();
  private static final AtomicLong LEFT_TO_JDK = new AtomicLong();

  private final String method;
  private long copies;
  private long bytesOfCopies;
  private long bytesShared;
  private long bytesMoved;
  private long bytesInHoles;

  private Totals(String method) {
    this.method = method;
  }

  static void add(CopyReport report) {
    boolean completed = report.end() instanceof Outcome.Completed;
    of(report.method()).add(report, completed);
    if (!completed) {
      (report.end() instanceof Outcome.Cancelled ? CANCELLED : FAILED).incrementAndGet();
    }
  }

  private synchronized void add(CopyReport report, boolean completed) {
    if (completed) {
      copies++;
      bytesOfCopies += report.bytes();
    }
    bytesShared += report.bytesShared();
    bytesMoved += report.bytesMoved();
    bytesInHoles += report.bytesInHoles();
  }

  static void addLeftToJdk() {
    LEFT_TO_JDK.incrementAndGet();
  }

  /** The numbers as they are now. */
  public static CopyStatistics statistics() {
    Map<String, Long> copies = new TreeMap<>();
    Map<String, Long> bytes = new TreeMap<>();
    long shared = 0;
    long moved = 0;
    long inHoles = 0;
    for (Totals totals : BY_METHOD.values()) {
      synchronized (totals) {
        if (totals.copies > 0) {
          copies.put(totals.method, totals.copies);
          bytes.put(totals.method, totals.bytesOfCopies);
        }
        shared += totals.bytesShared;
        moved += totals.bytesMoved;
        inHoles += totals.bytesInHoles;
      }
    }
    return new CopyStatistics(
        copies,
        bytes,
        shared,
        moved,
        inHoles,
        FAILED.get(),
        CANCELLED.get(),
        LEFT_TO_JDK.addAndGet(Completion.takeLeft()));
  }

  /** Starts counting from 0 again. */
  public static void reset() {
    // Kept, not removed: a copy that ends just now may hold one.
    BY_METHOD.values().forEach(Totals::clear);
    FAILED.set(0);
    CANCELLED.set(0);
    Completion.takeLeft();
    LEFT_TO_JDK.set(0);
  }

  private synchronized void clear() {
    copies = 0;
    bytesOfCopies = 0;
    bytesShared = 0;
    bytesMoved = 0;
    bytesInHoles = 0;
  }

  private static Totals of(String method) {
    Totals known = latest;
    if (known == null || !known.method.equals(method)) {
      known = BY_METHOD.get(method);
      if (known == null) {
        Totals added = new Totals(method);
        Totals before = BY_METHOD.putIfAbsent(method, added);
        known = before == null ? added : before;
      }
      latest = known;
    }
    return known;
  }
}
