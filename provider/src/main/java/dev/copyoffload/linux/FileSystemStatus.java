package dev.copyoffload.linux;

import org.jspecify.annotations.Nullable;

/**
 * What fstatfs(2) says of a file system.
 *
 * @param magic its type
 * @param blockSize bytes that it allocates and shares at once
 */
public record FileSystemStatus(long magic, long blockSize) {
  /** The size of struct statfs in longs, on every architecture that {@link Platform} knows. */
  public static final int LONGS = 15;

  /**
   * Calls fstatfs(2).
   *
   * @param descriptor open, kept open by the caller
   * @return what it says, or null if it fails
   */
  public static @Nullable FileSystemStatus ask(SystemCalls calls, int descriptor) {
    long[] struct = new long[LONGS];
    return calls.fstatfs(descriptor, struct) < 0 ? null : of(struct);
  }

  /** Parses a struct statfs as the kernel filled it. */
  public static FileSystemStatus of(long[] struct) {
    return new FileSystemStatus(struct[0], struct[1]);
  }
}
