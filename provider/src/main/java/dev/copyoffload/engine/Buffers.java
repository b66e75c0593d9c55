package dev.copyoffload.engine;

import dev.copyoffload.linux.Errno;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for what goes through user space, of which a few idle ones are kept.
 *
 * <p>Safe for use by many threads; who takes one owns it until it is given back.
 */
class Buffers {
  /** Fits the second-level cache; larger is slower, see RATIONALE.md. */
  static final int SIZE = 256 << 10;

  /** The end of a copy for which there is none. */
  static final Outcome NONE_LEFT = new Outcome.Failed(0, "read/write", Errno.ENOMEM.number());

  static final long REFUSAL_HOLDS_NANOS = 30_000_000_000L;

  private static final int PAGE = 4 << 10;

  private final Pool<ByteBuffer> idle;
  private volatile long refused;

  Buffers(int mostIdle) {
    idle = new Pool<>(mostIdle);
  }

  /** Returns an idle buffer, or a new one; null if the JVM grants no memory for it. */
  final @Nullable ByteBuffer take() {
    ByteBuffer buffer = idle.poll();
    if (buffer != null) {
      return buffer;
    }
    try {
      // Aligned: the kernel copies from and to a buffer off its page boundary at half the speed.
      return allocate(SIZE + PAGE).alignedSlice(PAGE).slice(0, SIZE);
    } catch (OutOfMemoryError e) {
      return null;
    }
  }

  final void giveBack(ByteBuffer buffer) {
    idle.offer(buffer);
  }

  /**
   * Whether there is memory for a buffer; a program can use up what the JVM grants. The JVM takes
   * half a second to refuse, so a refusal holds for a while.
   */
  final boolean areLeft() {
    long last = refused;
    if (last != 0 && now() - last < REFUSAL_HOLDS_NANOS) {
      return false;
    }
    ByteBuffer buffer = take();
    if (buffer == null) {
      refused = now() | 1;
      return false;
    }
    giveBack(buffer);
    if (last != 0) {
      refused = 0;
    }
    return true;
  }

  ByteBuffer allocate(int size) {
    return ByteBuffer.allocateDirect(size);
  }

  /** The time in nanoseconds. */
  long now() {
    return System.nanoTime();
  }
}
