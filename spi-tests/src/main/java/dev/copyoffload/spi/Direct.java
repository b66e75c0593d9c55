package dev.copyoffload.spi;

import java.nio.file.OpenOption;

/**
 * {@code ExtendedOpenOption.DIRECT} of {@code jdk.unsupported}, which cannot be named without a
 * warning that no annotation suppresses.
 */
final class Direct {
  static final OpenOption DIRECT = find();

  private Direct() {}

  private static OpenOption find() {
    try {
      Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
      return (OpenOption) options.getField("DIRECT").get(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("This JDK has no direct input and output", e);
    }
  }
}
