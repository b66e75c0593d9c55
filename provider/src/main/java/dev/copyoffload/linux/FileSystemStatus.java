package dev.copyoffload.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What fstatfs(2) says of a file system.
 *
 * @param magic its type
 * @param blockSize bytes that it allocates and shares at once
 */
public record FileSystemStatus(long magic, long blockSize) {
  /** The size of struct statfs in bytes, on every 64-bit architecture here. */
  public static final int STRUCT_SIZE = 120;

  /** Parses a struct statfs as the kernel filled it. */
  public static FileSystemStatus of(byte[] struct) {
    ByteBuffer in = ByteBuffer.wrap(struct).order(ByteOrder.nativeOrder());
    return new FileSystemStatus(in.getLong(0), in.getLong(8));
  }
}
