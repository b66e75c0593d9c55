package dev.copyoffload.engine;

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

  static final long REFUSAL_HOLDS_NANOS = 30_000_000_000L;

  private static final int PAGE = 4 << 10;

  private final Pool<ByteBuffer> idle;
  private volatile long refused;

  Buffers(int mostIdle) {
    idle = new Pool<>(mostIdle);
  }

  /**
   * Returns an idle buffer, or a new one; null if the JVM grants no memory for it, all of which a
   * program can use up. The JVM takes half a second to refuse, so a refusal holds for a while.
   */
  final @Nullable ByteBuffer take() {
    ByteBuffer buffer = idle.poll();
    if (buffer != null) {
      return buffer;
    }
    long last = refused;
    if (last != 0 && now() - last < REFUSAL_HOLDS_NANOS) {
      return null;
    }
    try {
      // Aligned: the kernel copies from and to a buffer off its page boundary at half the speed.
      return allocate(SIZE + PAGE).alignedSlice(PAGE).slice(0, SIZE);
    } catch (OutOfMemoryError e) {
      refused = now() | 1;
      return null;
    }
  }

  final void giveBack(ByteBuffer buffer) {
    idle.offer(buffer);
  }

  ByteBuffer allocate(int size) {
    return ByteBuffer.allocateDirect(size);
  }

  /** The time in nanoseconds. */
  long now() {
    return System.nanoTime();
  }
}
