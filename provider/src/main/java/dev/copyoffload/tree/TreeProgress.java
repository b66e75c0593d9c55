package dev.copyoffload.tree;

import dev.copyoffload.CopyProgress;
import dev.copyoffload.engine.Tuning;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Tells one listener how far a whole tree is. Used by all threads of a tree copy; the listener is
 * called by one at a time.
 */
final class TreeProgress {
  private final CopyProgress.Listener listener;
  private final Failures failures;
  private final Path source;
  private final Path target;
  private long found;
  private long done;
  private long lastDone;
  private long lastTime = System.nanoTime();
  private boolean stopped;

  TreeProgress(CopyProgress progress, Failures failures, Path source, Path target) {
    this.listener = progress.listener();
    this.failures = failures;
    this.source = source;
    this.target = target;
  }

  /** Takes notice of a file that is to be copied. */
  synchronized void found(long bytes) {
    found += bytes;
  }

  /** Takes notice of bytes that are done with; returns whether to go on. */
  synchronized boolean done(long bytes) {
    done += bytes;
    long now = System.nanoTime();
    // A file that grew must not make it more than all.
    found = Math.max(found, done);
    if (done - lastDone >= Tuning.TELL_EACH_BYTES || now - lastTime >= Tuning.TELL_EACH_NANOS) {
      lastTime = now;
      tell();
    }
    return !stopped;
  }

  /** Tells that all is done. */
  synchronized void finished() {
    done = found;
    tell();
  }

  private void tell() {
    if (stopped) {
      return;
    }
    lastDone = done;
    try {
      stopped = !listener.progressed(done, found);
      if (stopped) {
        failures.addFatal(
            new FileSystemException(
                source.toString(), target.toString(), "cancelled by CopyProgress"));
      }
    } catch (RuntimeException | Error e) {
      stopped = true;
      failures.addFatal(e);
    }
  }

  /** One large file of the tree. */
  final class OfFile implements CopyProgress.Listener {
    private final long size;
    private long told;

    OfFile(long size) {
      this.size = size;
    }

    @Override
    public boolean progressed(long bytesDone, long bytesTotal) {
      long more = Math.min(bytesDone, size) - told;
      told += more;
      return done(more);
    }

    /** Takes notice of the rest, whether it was copied or failed. */
    void ended() {
      progressed(size, size);
    }
  }
}
