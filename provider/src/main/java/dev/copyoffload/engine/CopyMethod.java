package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;
import org.jspecify.annotations.Nullable;

/**
 * One way to get bytes from a file into another.
 *
 * <p>To add a method: write a class, give it a place in {@link MethodChains}, and rows in {@link
 * ErrnoPolicy} where it differs.
 */
interface CopyMethod {
  /** The name in events and reports. */
  default String label() {
    Capability capability = capability();
    return capability == null ? call() : capability.label();
  }

  /** The system call to name when it fails. */
  default String call() {
    return label();
  }

  /** What switches it off, or null if nothing does: then its errors are final. */
  @Nullable Capability capability();

  /**
   * Whether what it reports is shared extents, not moved bytes. One that may do either, such as
   * copy_file_range(2), says no; but where nothing may be shared it has no place in a chain.
   */
  default boolean shares() {
    return false;
  }

  /** Copies the range, or as much of it as this way can. */
  Outcome copy(FilePair files, Range range);
}
