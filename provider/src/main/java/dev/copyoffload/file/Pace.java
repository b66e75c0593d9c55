package dev.copyoffload.file;

import dev.copyoffload.CopyProgress;
import dev.copyoffload.engine.Cancellation;
import dev.copyoffload.engine.Tuning;
import org.jspecify.annotations.Nullable;

/** Tells a listener how far one copy is, and the copy whether to go on. */
final class Pace implements Cancellation {
  private final CopyProgress.Listener listener;
  private final Cancellation other;
  private final long total;
  private long lastPosition;
  private long lastTime = System.nanoTime();
  private boolean cancelled;
  private @Nullable Throwable thrown;

  Pace(CopyProgress.Listener listener, Cancellation other, long total) {
    this.listener = listener;
    this.other = other;
    this.total = total;
  }

  /** What the engine asks; calls are cut short only for copies that somebody is told of. */
  Cancellation cancellation() {
    return total < Tuning.TOLD_FROM ? other : this;
  }

  @Override
  public boolean isRequested() {
    return cancelled || other.isRequested();
  }

  @Override
  public boolean isRequestedAt(long position) {
    if (isRequested()) {
      return true;
    }
    long now = System.nanoTime();
    // The end is told by finished(), once, when nothing can fail any more.
    if (position > lastPosition
        && position < total
        && (position - lastPosition >= Tuning.TELL_EACH_BYTES
            || now - lastTime >= Tuning.TELL_EACH_NANOS)) {
      lastTime = now;
      tell(position, total);
    }
    return cancelled;
  }

  /** Tells that all is copied; returns whether that is accepted. */
  boolean finished(long bytes) {
    tell(bytes, bytes);
    return !cancelled;
  }

  private void tell(long position, long of) {
    lastPosition = position;
    try {
      cancelled = !listener.progressed(position, of);
    } catch (RuntimeException | Error e) {
      // Not through the engine: the copy ends as it would on a cancellation.
      cancelled = true;
      thrown = e;
    }
  }

  /** Whether the listener wanted no more. */
  boolean isByListener() {
    return cancelled;
  }

  /** Throws what the listener threw, if it did. */
  void rethrow() {
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
  }
}
