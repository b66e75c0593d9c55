package dev.copyoffload.observe;

import org.jspecify.annotations.Nullable;

/** Tells the flight recorder that native code was loaded, and shows the totals where wanted. */
public final class LoadObserver {
  private @Nullable Object event;

  /** Native code begins to load; never throws. */
  public void loading() {
    try {
      if (Recorder.isInUse()) {
        event = Recorder.beginLoad();
      }
    } catch (RuntimeException | LinkageError e) {
      // No event is better than no native code.
      return;
    }
  }

  /** It is loaded, or cannot be; never throws. */
  public void loaded(@Nullable Throwable obstacle) {
    try {
      if (event != null) {
        Recording.end((LoadEvent) event, obstacle);
      }
      Management.registerIfInUse();
    } catch (RuntimeException | LinkageError e) {
      // Whatever cannot be told, the code is loaded.
      return;
    }
  }

  /** Apart, so that the event class is not linked where jdk.jfr is missing. */
  private static final class Recording {
    static void end(LoadEvent event, @Nullable Throwable obstacle) {
      event.available = obstacle == null;
      event.reason = obstacle == null ? null : obstacle.toString();
      event.commit();
    }
  }
}
