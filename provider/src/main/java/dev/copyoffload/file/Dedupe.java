package dev.copyoffload.file;

import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.O_NONBLOCK;
import static dev.copyoffload.linux.Constants.O_RDONLY;
import static dev.copyoffload.linux.Constants.O_RDWR;

import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.engine.Cancellation;
import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Outcome;
import dev.copyoffload.engine.Range;
import dev.copyoffload.engine.Reason;
import dev.copyoffload.engine.Tuning;
import dev.copyoffload.linux.DedupeRange;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.FileSystemStatus;
import dev.copyoffload.linux.SystemCalls;
import dev.copyoffload.observe.CopyObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has the kernel share the extents of two files whose bytes it finds to be the same. */
final class Dedupe {
  /** No file system has smaller blocks that it shares; a rest of less is compared here. */
  private static final int BLOCK = 4 << 10;

  private static final String CALL = "ioctl(FIDEDUPERANGE)";

  private final SystemCalls calls;
  private final FileCopy files;

  Dedupe(SystemCalls calls, FileCopy files) {
    this.calls = calls;
    this.files = files;
  }

  /**
   * Shares the source, or a range of it, with the target.
   *
   * @param wanted the ranges, or null for all of both files
   * @return bytes shared; fewer than there are where a file's last block cannot be
   */
  long run(
      Path source, byte[] from, Path target, byte[] to, @Nullable Range wanted, CopyPolicy policy)
      throws IOException {
    try (Descriptor in = open(source, from, false);
        Descriptor out = open(target, to, true)) {
      FileStatus status = regular(source, in, source, target);
      FileStatus other = regular(target, out, source, target);
      Range span = wanted == null ? new Range(0, 0, status.size()) : wanted;
      if (status.isSameFile(other) && span.sourceOffset() == span.targetOffset()) {
        return 0;
      }
      if (wanted == null && status.size() != other.size()) {
        throw refusal(
            "the sizes differ, " + status.size() + " and " + other.size() + " bytes",
            source,
            target);
      }
      if (wanted != null) {
        requireShareable(wanted, source, in, status, target, other);
      }
      Pace pace = policy.pace(span.length());
      @Nullable Object started = CopyObserver.started();
      Run run = new Run(source, in, target, out, span);
      Outcome outcome = new Outcome.Declined(0, Reason.Rule.NOT_SHAREABLE);
      try {
        outcome = run.toEnd(pace == null ? policy.cancellation() : pace.cancellation());
      } finally {
        String method = run.shared > 0 ? "fideduperange" : "";
        CopyObserver.ended(
            started, source, target, new CopyReport(outcome, run.shared, 0, 0, method, List.of()));
      }
      if (outcome instanceof Outcome.Cancelled || (pace != null && !pace.finished(span.length()))) {
        throw files.cancelled(source, target, pace);
      }
      return run.shared;
    }
  }

  private void requireShareable(
      Range span, Path source, Descriptor in, FileStatus status, Path target, FileStatus other)
      throws IOException {
    long[] buffer = new long[FileSystemStatus.LONGS];
    CallFailure.checked(calls, "fstatfs", calls.fstatfs(in.number(), buffer), source);
    String why =
        status.isSameFile(other) && span.overlaps()
            ? "the ranges overlap"
            : whyNot(span, status.size(), other.size(), FileSystemStatus.of(buffer).blockSize());
    if (why != null) {
      throw refusal(why, source, target);
    }
  }

  /**
   * Why the kernel could not share ranges, or null.
   *
   * <p>It would not say so itself: it leaves out what lies behind the last whole block, without
   * comparing it, and reports all of the length.
   *
   * @param blockSize of the file system
   */
  private static @Nullable String whyNot(
      Range span, long sourceSize, long targetSize, long blockSize) {
    long length = span.length();
    long sourceEnd = span.sourceOffset() + length;
    long targetEnd = span.targetOffset() + length;
    if (length > sourceSize - span.sourceOffset()) {
      return beyond("source", length, span.sourceOffset(), sourceSize);
    }
    if (length > targetSize - span.targetOffset()) {
      return beyond("target", length, span.targetOffset(), targetSize);
    }
    String unaligned = " is no multiple of the block size, " + blockSize;
    if (span.sourceOffset() % blockSize != 0) {
      return "the source's offset " + span.sourceOffset() + unaligned;
    }
    if (span.targetOffset() % blockSize != 0) {
      return "the target's offset " + span.targetOffset() + unaligned;
    }
    return length % blockSize != 0 && (sourceEnd != sourceSize || targetEnd != targetSize)
        ? "the length " + length + unaligned + ", nor do both files end there"
        : null;
  }

  private static String beyond(String file, long length, long offset, long size) {
    return length + " bytes from offset " + offset + " end behind the " + file + "'s " + size;
  }

  /** Names the bytes from {@code at} to {@code end}, counted from the start of the ranges. */
  private static String between(Range span, long at, long end) {
    long from = span.sourceOffset();
    String ofSource = "offsets " + (from + at) + " and " + (from + end);
    return from == span.targetOffset()
        ? ofSource
        : ofSource + " of the source, " + (span.targetOffset() + at) + " of the target";
  }

  /** One pair of files. */
  private final class Run {
    private final Path source;
    private final Descriptor in;
    private final Path target;
    private final Descriptor out;
    private final Range span;
    private long shared;

    Run(Path source, Descriptor in, Path target, Descriptor out, Range span) {
      this.source = source;
      this.in = in;
      this.target = target;
      this.out = out;
      this.span = span;
    }

    Outcome toEnd(Cancellation cancellation) throws IOException {
      long done = 0;
      while (done < span.length()) {
        if (cancellation.isRequestedAt(done)) {
          return new Outcome.Cancelled(done);
        }
        done += step(done, Math.min(Tuning.DEDUPED_AT_ONCE, span.length() - done));
      }
      return new Outcome.Completed(done);
    }

    /** Shares a piece, or as much of it as can be; returns how much is done with, above 0. */
    private long step(long at, long length) throws IOException {
      DedupeRange range =
          new DedupeRange(span.sourceOffset() + at, length, out.number(), span.targetOffset() + at);
      int result;
      do {
        result = calls.fideduperange(in.number(), range.struct());
      } while (Errno.EINTR.is(result));
      int status = result < 0 ? result : range.status();
      if (status == DedupeRange.DIFFERS) {
        throw differing(at, length);
      }
      long tail = length % BLOCK;
      // Where the last block of a file cannot be shared, the kernel refuses it or leaves it out.
      boolean refused = Errno.EINVAL.is(status) || (status == 0 && range.bytesDeduped() <= 0);
      if (refused && tail > 0) {
        return length > tail ? step(at, length - tail) : compared(at, (int) tail);
      }
      if (status < 0) {
        throw refusal(CALL + ": " + Errno.nameOf(-status), source, target);
      }
      long done = Math.min(range.bytesDeduped(), length);
      if (done <= 0) {
        // Asked again it would say so for ever.
        throw refusal(
            CALL + " shared nothing at offset " + (span.sourceOffset() + at), source, target);
      }
      shared += done;
      return done;
    }

    private long compared(long at, int length) throws IOException {
      if (!read(source, in, span.sourceOffset() + at, length)
          .equals(read(target, out, span.targetOffset() + at, length))) {
        throw differing(at, length);
      }
      return length;
    }

    private ByteBuffer read(Path file, Descriptor descriptor, long at, int length)
        throws IOException {
      ByteBuffer all = ByteBuffer.allocateDirect(length);
      int got = 0;
      while (got < length) {
        long result =
            calls.pread(descriptor.number(), all.slice(got, length - got), length - got, at + got);
        if (result > 0) {
          got += (int) result;
        } else if (!Errno.EINTR.is(result)) {
          int errno = result == 0 ? Errno.EIO.number() : (int) -result;
          throw CallFailure.of(calls, "read", errno, file, null);
        }
      }
      return all;
    }

    private FileSystemException differing(long at, long length) {
      return refusal(
          "the contents differ between " + between(span, at, at + length), source, target);
    }
  }

  private FileStatus regular(Path file, Descriptor descriptor, Path source, Path target)
      throws IOException {
    long[] buffer = new long[FileStatus.LONGS];
    CallFailure.checked(calls, "statx", calls.statx(descriptor.number(), buffer), file);
    FileStatus status = FileStatus.of(buffer);
    if (!status.isRegularFile()) {
      throw refusal(file + " is not a regular file", source, target);
    }
    return status;
  }

  private static FileSystemException refusal(String why, Path source, Path target) {
    return Refusal.of(OffloadCopyOption.DEDUPE, why, source, target);
  }

  // Not blocking: it may be a pipe.
  private Descriptor open(Path file, byte[] path, boolean writable) throws IOException {
    int flags = O_CLOEXEC | O_NONBLOCK;
    Descriptor opened = new Descriptor(calls);
    // The kernel lets an owner share without the right to write (EACCES, ETXTBSY), or says no.
    if (!writable || opened.open(path, flags | O_RDWR, 0) < 0) {
      CallFailure.checked(calls, "open", opened.open(path, flags | O_RDONLY, 0), file);
    }
    return opened;
  }
}
