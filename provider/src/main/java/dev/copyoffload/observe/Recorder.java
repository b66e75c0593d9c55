package dev.copyoffload.observe;

import dev.copyoffload.linux.Platform;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The flight recorder, asked so that nothing is paid while it is off.
 *
 * <p>Initialising an event class loads a hundred classes and takes some hundred milliseconds, so
 * none is touched before somebody records. The jdk.jfr module may be missing.
 */
final class Recorder {
  private static final boolean PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  /** A race between threads tells it twice, which does not matter. */
  private static volatile boolean loadIsTold;

  private Recorder() {}

  /** Whether anybody has recorded in this JVM: two reads of a field. */
  static boolean isInUse() {
    return PRESENT && FlightRecorder.isInitialized();
  }

  /** A copy's event, begun, or null if it is not recorded. */
  static @Nullable Object beginCopy() {
    if (!loadIsTold && Types.LOAD.isEnabled()) {
      loadIsTold = true;
      Begun.tellLoad();
    }
    return Types.COPY.isEnabled() ? Begun.copy() : null;
  }

  /** Tell whether events are enabled without an event. */
  private static final class Types {
    static final EventType COPY = EventType.getEventType(CopyEvent.class);
    static final EventType LOAD = EventType.getEventType(LoadEvent.class);
  }

  /** Apart, so that the event classes are not linked where jdk.jfr is missing. */
  private static final class Begun {
    static Object copy() {
      CopyEvent event = new CopyEvent();
      event.begin();
      return event;
    }

    static void tellLoad() {
      LoadEvent event = new LoadEvent();
      Throwable obstacle = Platform.unavailabilityCause();
      event.available = Platform.loaded() != null;
      event.reason = obstacle == null ? Platform.stubObstacle() : obstacle.toString();
      event.took = Platform.loadNanos();
      event.commit();
    }
  }
}
