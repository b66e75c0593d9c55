package dev.copyoffload.observe;

import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Outcome;
import dev.copyoffload.engine.Reason;
import org.jspecify.annotations.Nullable;

/** Counts copies, and tells the flight recorder and the log of them; allocates only for those. */
public final class CopyObserver {
  private CopyObserver() {}

  /**
   * Only where {@code copyoffload.log=true} asks for it: looking up a logger initialises the whole
   * of the application's logging, perhaps before it has been set up.
   */
  private static final boolean LOG_WANTED = isLogWanted();

  private static boolean isLogWanted() {
    try {
      return Boolean.getBoolean("copyoffload.log");
    } catch (SecurityException e) {
      return false;
    }
  }

  /** Shows the totals where they are wanted, once the kernel can be asked; never throws. */
  public static void loaded() {
    try {
      // Management is not loaded for the question.
      if (System.getProperty("com.sun.management.jmxremote") != null
          || System.getProperty("com.sun.management.jmxremote.port") != null) {
        Management.register();
      }
    } catch (RuntimeException | LinkageError e) {
      // Whatever cannot be shown, the copy goes on.
      return;
    }
  }

  /**
   * Marks the start of a copy; hand what it returns to {@link #ended}. Null if nobody records;
   * never throws.
   */
  public static @Nullable Object started() {
    try {
      return Recorder.isInUse() ? Recorder.beginCopy() : null;
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // No event is better than no copy.
      return null;
    }
  }

  /**
   * Reports a copy that was tried, however it ended; never throws, for the copy is done.
   *
   * @param source what names the source as a string, null if nothing does
   * @param target what names the target as a string, null if nothing does
   */
  public static void ended(
      @Nullable Object started,
      @Nullable Object source,
      @Nullable Object target,
      CopyReport report) {
    try {
      Totals.add(report);
      if (started != null) {
        Recording.end((CopyEvent) started, source, target, report);
      }
      if (LOG_WANTED) {
        Log.tell(source, target, report);
      }
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // A recording or a log line that is lost must not cost the file.
      return;
    }
  }

  /** Counts a move that the JDK's own code does. */
  public static void moveLeftToJdk() {
    Totals.addLeftToJdk();
  }

  /**
   * Counts a copy or a transfer that the JDK's own code does. If it returns something, somebody
   * records: hand it to {@link #left}. Never throws.
   */
  public static @Nullable Object copyLeftToJdk() {
    Totals.addLeftToJdk();
    return started();
  }

  /** Reports a copy or a transfer that the JDK's own code does; never throws. */
  public static void left(
      Object started, @Nullable Object source, @Nullable Object target, Reason reason) {
    try {
      Recording.left((CopyEvent) started, source, target, reason);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // As above: the copy is still to come.
      return;
    }
  }

  static String describe(Outcome end) {
    if (end instanceof Outcome.Failed failed) {
      return failed.call() + " failed with errno " + failed.errno();
    }
    if (end instanceof Outcome.Declined) {
      return "declined";
    }
    return end instanceof Outcome.Cancelled ? "cancelled" : "completed";
  }

  /** Apart, so that neither a thread local nor a logger exists where no log is wanted. */
  private static final class Log {
    private static final ThreadLocal<Boolean> LOGGING = new ThreadLocal<>();

    static void tell(@Nullable Object source, @Nullable Object target, CopyReport report) {
      // A handler may copy files itself.
      if (LOGGING.get() != null) {
        return;
      }
      LOGGING.set(true);
      try {
        write(source, target, report);
      } finally {
        LOGGING.remove();
      }
    }

    private static void write(@Nullable Object source, @Nullable Object target, CopyReport report) {
      System.Logger logger = System.getLogger("dev.copyoffload");
      if (logger.isLoggable(System.Logger.Level.DEBUG)) {
        logger.log(
            System.Logger.Level.DEBUG,
            "{0} -> {1}: {2}, {3} bytes shared, {4} moved, {5} in holes, by {6}, declined {7}",
            String.valueOf(source),
            String.valueOf(target),
            describe(report.end()),
            report.bytesShared(),
            report.bytesMoved(),
            report.bytesInHoles(),
            report.method(),
            report.declinedText());
      }
    }
  }

  /** Apart, so that the event class is not linked where jdk.jfr is missing. */
  private static final class Recording {
    /** An event of next to no duration: what the JDK does is not timed. */
    static void left(
        CopyEvent event, @Nullable Object source, @Nullable Object target, Reason reason) {
      event.end();
      if (event.shouldCommit()) {
        event.source = String.valueOf(source);
        event.target = String.valueOf(target);
        event.method = "";
        event.declined = "";
        event.outcome = "left to the JDK: " + reason.text();
        event.commit();
      }
    }

    static void end(
        CopyEvent event, @Nullable Object source, @Nullable Object target, CopyReport report) {
      event.end();
      if (!event.shouldCommit()) {
        return;
      }
      event.source = String.valueOf(source);
      event.target = String.valueOf(target);
      event.bytes = report.bytes();
      event.bytesShared = report.bytesShared();
      event.bytesMoved = report.bytesMoved();
      event.holes = report.bytesInHoles();
      event.method = report.method();
      event.declined = report.declinedText();
      event.outcome = describe(report.end());
      event.commit();
    }
  }
}
