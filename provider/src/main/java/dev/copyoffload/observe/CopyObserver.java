package dev.copyoffload.observe;

import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Outcome;
import java.nio.file.Path;

/** Tells the flight recorder and the log of one copy; costs next to nothing while both are off. */
public final class CopyObserver {
  private CopyObserver() {}

  /** Lazily found, so that a runtime without the jdk.jfr module works. */
  private static final class Recorder {
    private static final boolean PRESENT = isPresent();

    private static boolean isPresent() {
      return ModuleLayer.boot().findModule("jdk.jfr").isPresent();
    }
  }

  /**
   * Only where {@code copyoffload.log=true} asks for it: looking up a logger initialises the whole
   * of the application's logging, perhaps before it has been set up.
   */
  private static final class Log {
    private static final boolean WANTED = isWanted();

    private static boolean isWanted() {
      try {
        return Boolean.getBoolean("copyoffload.log");
      } catch (SecurityException e) {
        return false;
      }
    }
  }

  private static final ThreadLocal<Boolean> LOGGING = new ThreadLocal<>();

  /** Marks the start of a copy; hand what it returns to {@link #ended}. */
  public static Object started() {
    return Recorder.PRESENT ? Recording.begin() : CopyObserver.class;
  }

  /** Reports a copy that was tried, however it ended; never throws, for the copy is done. */
  public static void ended(Object started, Path source, Path target, CopyReport report) {
    try {
      if (Recorder.PRESENT) {
        Recording.end(started, source, target, report);
      }
      // A handler may copy files itself.
      if (Log.WANTED && LOGGING.get() == null) {
        LOGGING.set(true);
        try {
          log(source, target, report);
        } finally {
          LOGGING.remove();
        }
      }
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // A recording or a log line that is lost must not cost the file.
      return;
    }
  }

  private static void log(Path source, Path target, CopyReport report) {
    System.Logger logger = System.getLogger("dev.copyoffload");
    if (logger.isLoggable(System.Logger.Level.DEBUG)) {
      logger.log(
          System.Logger.Level.DEBUG,
          "{0} -> {1}: {2}, {3} bytes shared, {4} moved, {5} in holes, by {6}, declined {7}",
          source,
          target,
          describe(report.end()),
          report.bytesShared(),
          report.bytesMoved(),
          report.bytesInHoles(),
          report.method(),
          report.declined());
    }
  }

  static String describe(Outcome end) {
    if (end instanceof Outcome.Failed failed) {
      return failed.call() + " failed with errno " + failed.errno();
    }
    return end instanceof Outcome.Cancelled ? "cancelled" : "completed";
  }

  /** Apart, so that the event class is not linked where jdk.jfr is missing. */
  private static final class Recording {
    static Object begin() {
      CopyEvent event = new CopyEvent();
      event.begin();
      return event;
    }

    static void end(Object started, Path source, Path target, CopyReport report) {
      CopyEvent event = (CopyEvent) started;
      event.end();
      if (!event.shouldCommit()) {
        return;
      }
      event.source = source.toString();
      event.target = target.toString();
      event.bytes = report.bytes();
      event.bytesShared = report.bytesShared();
      event.bytesMoved = report.bytesMoved();
      event.holes = report.bytesInHoles();
      event.method = report.method();
      event.declined = String.join(", ", report.declined());
      event.outcome = describe(report.end());
      event.commit();
    }
  }
}
