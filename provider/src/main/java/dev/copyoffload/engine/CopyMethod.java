package dev.copyoffload.engine;

import dev.copyoffload.linux.Capability;
import org.jspecify.annotations.Nullable;

/**
 * One way to get bytes from a file into another.
 *
 * <p>To add a method: write a class, give it a place in {@link Plan}, and rows in {@link Reaction}
 * where it differs.
 */
interface CopyMethod {
  /** The name in events and reports. */
  String label();

  /** The system call to name when it fails. */
  String call();

  /** What switches it off, or null if nothing does. */
  @Nullable Capability capability();

  /** Whether it shares extents instead of moving bytes. */
  boolean shares();

  /** Whether nothing comes behind it, so that its errors are final. */
  boolean isLast();

  /** Copies the span, or as much of it as this way can. */
  Outcome copy(Ends ends, Span span);
}
