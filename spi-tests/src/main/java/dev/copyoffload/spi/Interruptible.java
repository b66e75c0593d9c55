package dev.copyoffload.spi;

import java.nio.file.CopyOption;

/**
 * {@code ExtendedCopyOption.INTERRUPTIBLE} of {@code jdk.unsupported}, which cannot be named
 * without a warning that no annotation suppresses.
 */
final class Interruptible {
  static final CopyOption INTERRUPTIBLE = find();

  private Interruptible() {}

  private static CopyOption find() {
    try {
      Class<?> options = Class.forName("com.sun.nio.file.ExtendedCopyOption");
      return (CopyOption) options.getField("INTERRUPTIBLE").get(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("This JDK has no interruptible copies", e);
    }
  }
}
