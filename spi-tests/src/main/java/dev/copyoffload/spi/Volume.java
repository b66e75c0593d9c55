package dev.copyoffload.spi;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system that tests may write to.
 *
 * @param name what it is called in reports and in {@code COPYOFFLOAD_REQUIRE_FS}
 * @param root a directory of it, as a path of the JDK's own file system
 * @param readOnly the same directory by way of a read-only mount, or null if there is none
 * @param missing why it is not there, or null if it is
 */
public record Volume(String name, Path root, @Nullable Path readOnly, @Nullable String missing) {

  /** Skips the running test if this file system is not there, or fails it where it must be. */
  void require() {
    if (missing == null) {
      return;
    }
    if (Volumes.REQUIRED.contains(name)) {
      Assertions.fail(name + " is required by " + Volumes.REQUIRE_VARIABLE + ": " + missing);
    }
    Assumptions.abort(name + " is not there: " + missing);
  }

  @Override
  public String toString() {
    return name;
  }
}
