package dev.copyoffload.observe;

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

  private Recorder() {}

  /** Whether anybody has recorded in this JVM: two reads of a field. */
  static boolean isInUse() {
    return PRESENT && FlightRecorder.isInitialized();
  }

  /** A copy's event, begun, or null if it is not recorded. */
  static @Nullable Object beginCopy() {
    return Types.COPY.isEnabled() ? Begun.copy() : null;
  }

  /** The event of loading, begun, or null if it is not recorded. */
  static @Nullable Object beginLoad() {
    return Types.LOAD.isEnabled() ? Begun.load() : null;
  }

  /**
   * Tell whether events are enabled without an event. Both at once: the loading thread has the time
   * that the first copy has not.
   */
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

    static Object load() {
      LoadEvent event = new LoadEvent();
      event.begin();
      return event;
    }
  }
}
