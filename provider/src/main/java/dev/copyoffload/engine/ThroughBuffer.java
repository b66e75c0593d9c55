package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Copies through a buffer of user space: nothing switches it off, and nothing comes behind it. */
abstract class ThroughBuffer implements CopyMethod {
  private final Buffers buffers;

  ThroughBuffer(Buffers buffers) {
    this.buffers = buffers;
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
  public final Outcome copy(Ends ends, Span span) {
    ByteBuffer buffer = buffers.take();
    if (buffer == null) {
      return Buffers.NONE_LEFT;
    }
    try {
      return copy(ends, span, buffer);
    } finally {
      buffers.giveBack(buffer);
    }
  }

  /** Copies the span, with a buffer that is nobody else's meanwhile. */
  abstract Outcome copy(Ends ends, Span span, ByteBuffer buffer);
}
