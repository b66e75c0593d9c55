package dev.copyoffload.engine;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for what goes through user space, of which a few idle ones are kept.
 *
 * <p>Safe for use by many threads; who takes one owns it until it is given back.
 */
class Buffers {
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
    if (last != 0 && now() - last < Tuning.REFUSAL_HOLDS_NANOS) {
      return null;
    }
    try {
      // Aligned: the kernel copies from and to a buffer off its page boundary at half the speed.
      return allocate(Tuning.BUFFER + PAGE).alignedSlice(PAGE).slice(0, Tuning.BUFFER);
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
