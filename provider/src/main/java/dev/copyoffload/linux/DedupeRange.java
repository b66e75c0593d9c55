package dev.copyoffload.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A struct file_dedupe_range with one target; see ioctl_fideduperange(2). */
public final class DedupeRange {
  /** What {@link #status()} is where the bytes are not the same. */
  public static final int DIFFERS = 1;

  private static final int SIZE = 56;

  private final byte[] struct = new byte[SIZE];
  private final ByteBuffer fields = ByteBuffer.wrap(struct).order(ByteOrder.nativeOrder());

  /** Asks for bytes of the source at {@code offset}, to be shared with those of the target. */
  public DedupeRange(long offset, long length, int target, long targetOffset) {
    fields.putLong(0, offset).putLong(8, length).putShort(16, (short) 1);
    fields.putLong(24, target).putLong(32, targetOffset);
  }

  /** What the kernel is handed, and writes its answer to. */
  public byte[] struct() {
    return struct;
  }

  /** Bytes that the kernel says are shared now; it may say the length that was asked for. */
  public long bytesDeduped() {
    return fields.getLong(40);
  }

  /** 0, {@link #DIFFERS} or a negated errno. */
  public int status() {
    return fields.getInt(48);
  }
}
