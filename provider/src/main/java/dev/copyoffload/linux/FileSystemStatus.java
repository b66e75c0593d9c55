package dev.copyoffload.linux;

import org.jspecify.annotations.Nullable;

/**
 * What fstatfs(2) says of a file system.
 *
 * @param magic its type
 * @param blockSize bytes that it allocates and shares at once
 */
public record FileSystemStatus(long magic, long blockSize) {
  /** The size of struct statfs in bytes, on every 64-bit architecture here. */
  public static final int STRUCT_SIZE = 120;

  /**
   * Calls fstatfs(2).
   *
   * @param descriptor open, kept open by the caller
   * @return what it says, or null if it fails
   */
  public static @Nullable FileSystemStatus ask(SystemCalls calls, int descriptor) {
    byte[] struct = new byte[STRUCT_SIZE];
    return calls.fstatfs(descriptor, struct) < 0 ? null : of(struct);
  }

  /** Parses a struct statfs as the kernel filled it. */
  public static FileSystemStatus of(byte[] struct) {
    Struct in = new Struct(struct);
    return new FileSystemStatus(in.longAt(0), in.longAt(8));
  }
}
