package dev.copyoffload.tree;

import dev.copyoffload.TreeCopyException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What went wrong, and whether to go on all the same. Safe for use by many threads. */
final class Failures {
  /** Each has a stack trace, and a full disk fails every file that is left. */
  private static final int MOST_KEPT = 1000;

  private final boolean goOn;
  private final List<IOException> kept = new ArrayList<>();
  private long count;
  private @Nullable Throwable fatal;
  private volatile boolean stopped;

  Failures(boolean goOn) {
    this.goOn = goOn;
  }

  /** Whether the copy is to end. */
  boolean areFinal() {
    return stopped;
  }

  synchronized void add(IOException failure) {
    count++;
    if (kept.size() < MOST_KEPT) {
      kept.add(failure);
    }
    stopped |= !goOn;
  }

  /** What went wrong with one file; what is no I/O error ends the copy unless it is to go on. */
  void add(Exception failure, TreeEntry entry) {
    add(failure, entry.source(), entry.target());
  }

  void add(Exception failure, Path source, Path target) {
    if (failure instanceof IOException io) {
      add(io);
    } else if (goOn) {
      FileSystemException wrapped =
          new FileSystemException(source.toString(), target.toString(), failure.toString());
      wrapped.initCause(failure);
      add(wrapped);
    } else {
      addFatal(failure);
    }
  }

  /** Something that no policy lets pass; the first one is what the caller will see. */
  synchronized void addFatal(Throwable failure) {
    if (fatal == null) {
      fatal = failure;
    }
    stopped = true;
  }

  synchronized void throwAny(Path source, Path target) throws IOException {
    if (fatal instanceof Error error) {
      throw error;
    }
    if (fatal instanceof RuntimeException exception) {
      throw exception;
    }
    if (fatal instanceof IOException exception) {
      throw exception;
    }
    if (!kept.isEmpty()) {
      throw goOn
          ? new TreeCopyException(source.toString(), target.toString(), kept, count)
          : kept.get(0);
    }
  }
}
