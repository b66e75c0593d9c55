package dev.copyoffload;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;

/** A directory tree was copied, but for some of its files. */
public final class TreeCopyException extends FileSystemException {
  private static final long serialVersionUID = 1;

  /** Not serialised with the exception: failures need not be serialisable as a list. */
  private final transient List<IOException> failures;

  private final long count;

  /**
   * Creates what {@link CopyOffload#copyTree} throws.
   *
   * @param source the tree
   * @param target what the copy is called
   * @param failures the first ones, at least one, in the order in which they were met
   * @param count how many there were
   */
  public TreeCopyException(String source, String target, List<IOException> failures, long count) {
    super(source, target, count + " of its files could not be copied, first: " + failures.get(0));
    this.failures = List.copyOf(failures);
    this.count = count;
    initCause(failures.get(0));
  }

  /**
   * The first failures, at most 1000, in the order in which they were met; none after transport.
   */
  public List<IOException> failures() {
    // Null in an exception that was read from a stream.
    @SuppressWarnings({"nullness", "ConstantValue"})
    List<IOException> known = failures == null ? List.of() : failures;
    return known;
  }

  /** How many failures there were, more than zero. */
  public long count() {
    return count;
  }
}
