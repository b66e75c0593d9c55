package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;

/** Lets the file system or its server copy, with copy_file_range(2). */
final class CopyFileRange implements CopyMethod {
  /**
   * glibc 2.41 and 2.42 return a wrong value above 2 GiB (sourceware 33245), FUSE truncates above 4
   * GiB (libfuse#1331), and this keeps the alignment that ZFS clones need.
   */
  private static final long MAX_CHUNK = 1L << 30;

  private static final long CANCELLABLE_CHUNK = 8L << 20;

  @Override
  public Capability capability() {
    return Capability.COPY_FILE_RANGE;
  }

  @Override
  public Outcome copy(Ends ends, Span span) {
    long chunk = ends.isCancellable() ? CANCELLABLE_CHUNK : MAX_CHUNK;
    long moved = 0;
    while (moved < span.length()) {
      if (ends.cancellation().isRequested()) {
        return new Outcome.Cancelled(moved);
      }
      long from = span.sourceOffset() + moved;
      long to = span.targetOffset() + moved;
      long wanted = Math.min(chunk, span.length() - moved);
      long result = ends.calls().copyFileRange(ends.source(), from, ends.target(), to, wanted);
      if (result > 0) {
        moved += result;
      } else if (result == 0) {
        // 0 at once is not an end: /proc, overlay, FUSE (golang/go#44272).
        return moved > 0 && ends.isAtEnd(from)
            ? new Outcome.Completed(moved)
            : new Outcome.Declined(moved, "returned 0");
      } else if (!Ends.isInterrupted(result)) {
        return ends.stopped(this, moved, result);
      }
    }
    return new Outcome.Completed(moved);
  }
}
