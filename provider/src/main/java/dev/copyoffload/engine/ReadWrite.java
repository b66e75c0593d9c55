package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Errno;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Copies through a buffer of user space, with pread(2) and pwrite(2): works on all files, and has
 * the last word. Nothing switches it off, and no other method can do what it cannot.
 */
class ReadWrite implements CopyMethod {
  private static final Outcome NO_MEMORY = new Outcome.Declined(0, Reason.Rule.NO_MEMORY);

  private final Buffers buffers;

  /** Bytes at a multiple of which a read ends in the target: at most a few parts of a buffer. */
  final int block;

  ReadWrite(Buffers buffers) {
    this(buffers, 1);
  }

  ReadWrite(Buffers buffers, int block) {
    this.buffers = buffers;
    this.block = block;
  }

  @Override
  public final String call() {
    return "read/write";
  }

  @Override
  public final @Nullable Capability capability() {
    return null;
  }

  @Override
  public final Outcome copy(FilePair files, Range range) {
    ByteBuffer buffer = buffers.take();
    if (buffer == null) {
      return NO_MEMORY;
    }
    try {
      return copy(files, range, buffer);
    } finally {
      buffers.giveBack(buffer);
    }
  }

  /** Copies the range, with a buffer that is nobody else's meanwhile. */
  Outcome copy(FilePair files, Range range, ByteBuffer buffer) {
    long moved = 0;
    while (moved < range.length()) {
      long at = range.targetOffset() + moved;
      if (files.isCancelledAt(at)) {
        return new Outcome.Cancelled(moved);
      }
      long wanted = Math.min(buffer.capacity() - at % block, range.length() - moved);
      long got = read(files, buffer, wanted, range.sourceOffset() + moved);
      if (got <= 0) {
        return got == 0 ? new Outcome.Completed(moved) : stopped(files, "read", moved, got);
      }
      Outcome put = put(files, buffer, (int) got, at);
      moved += put.bytes();
      if (!(put instanceof Outcome.Completed)) {
        return put.plus(moved - put.bytes());
      }
    }
    return new Outcome.Completed(moved);
  }

  /** Puts the first bytes of the buffer into the target; completed with all of them, or not. */
  Outcome put(FilePair files, ByteBuffer buffer, int length, long offset) {
    return write(files, buffer, 0, length, offset);
  }

  /** Reads to the start of the buffer; a negated errno is EINTR only if the copy is cancelled. */
  static long read(FilePair files, ByteBuffer buffer, long length, long offset) {
    long result;
    do {
      result = files.calls().pread(files.source(), buffer, length, offset);
    } while (files.repeats(result));
    return result;
  }

  /** Writes bytes of the buffer; completed with all of them, or not. */
  final Outcome write(FilePair files, ByteBuffer buffer, int from, int length, long offset) {
    int done = 0;
    while (done < length) {
      int at = from + done;
      ByteBuffer rest = at == 0 ? buffer : buffer.slice(at, length - done);
      long result = files.calls().pwrite(files.target(), rest, length - done, offset + done);
      if (result > 0) {
        done += (int) result;
      } else if (!files.repeats(result)) {
        // POSIX lets write(2) return 0 without a reason; asking again could go on for ever.
        return stopped(files, "write", done, result == 0 ? -Errno.EIO.number() : result);
      }
    }
    return new Outcome.Completed(done);
  }

  /** The end after an error, which is EINTR only if the copy is cancelled. */
  final Outcome stopped(FilePair files, String call, long moved, long result) {
    return FilePair.isInterrupted(result)
        ? new Outcome.Cancelled(moved)
        : files.stopped(this, call, moved, result);
  }
}
