package dev.copyoffload.copy;

import dev.copyoffload.linux.LoadListener;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import dev.copyoffload.observe.LoadObserver;
import org.jspecify.annotations.Nullable;

/**
 * Has native code loaded: observed, and with all that a copy needs made ready before any copy can
 * use it.
 */
public final class Loading implements LoadListener {
  private final LoadObserver observer = new LoadObserver();

  private Loading() {}

  /** Loads beside the caller, once, as {@link Platform#loadInBackground()}. */
  public static void inBackground() {
    Platform.tell(new Loading());
    Platform.loadInBackground();
  }

  /** Loads and waits for it, as {@link Platform#load()}; null if there is no native code. */
  public static @Nullable SystemCalls now() {
    Platform.tell(new Loading());
    return Platform.load();
  }

  /** The same, but gives up when the loading thread has been stuck for so long. */
  static @Nullable SystemCalls now(long secondsStuck) {
    Platform.tell(new Loading());
    return Platform.load(secondsStuck);
  }

  @Override
  public void loading() {
    observer.loading();
  }

  @Override
  public void usable(SystemCalls calls) {
    FileOffload.makeReady(calls);
  }

  @Override
  public void loaded(@Nullable Throwable obstacle) {
    observer.loaded(obstacle);
  }
}
