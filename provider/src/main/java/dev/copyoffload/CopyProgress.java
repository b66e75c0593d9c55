package dev.copyoffload;

import java.nio.file.CopyOption;
import java.util.Objects;

/**
 * Tells how far a copy is, and lets it be cancelled.
 *
 * <p>While a file of 1 MiB and more is copied, its listener is called every 100 ms or 64 MiB,
 * whichever is earlier, as far as the kernel returns so often; smaller ones have one call only,
 * when all is done. A copy that the JDK's own code does has only that last call as well.
 *
 * <p>Immutable; the listener is called by the thread that copies.
 */
public final class CopyProgress implements CopyOption {
  private final Listener listener;

  private CopyProgress(Listener listener) {
    this.listener = listener;
  }

  /** Is told of a copy. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Takes notice. What it throws ends the copy as a cancellation does, and comes out of it.
     *
     * @param bytesDone bytes, holes included; never less than the time before
     * @param bytesTotal bytes as far as is known; the last call has both equal
     * @return whether to go on; false ends the copy with a {@link
     *     java.nio.file.FileSystemException}, and removes the target or leaves it as it was
     */
    boolean progressed(long bytesDone, long bytesTotal);
  }

  /** An option that has a listener told of the copy. */
  public static CopyProgress of(Listener listener) {
    return new CopyProgress(Objects.requireNonNull(listener, "listener"));
  }

  /** Who is told. */
  public Listener listener() {
    return listener;
  }
}
