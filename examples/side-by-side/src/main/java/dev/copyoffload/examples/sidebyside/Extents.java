package dev.copyoffload.examples.sidebyside;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** How much of a copy shares its blocks on disk with another file. */
final class Extents {
  private Extents() {}

  /**
   * Sums the bytes that lie in shared extents over the files of {@code copy}.
   *
   * @return empty where the file system does not tell
   */
  static OptionalLong sharedBytes(Path copy) throws IOException {
    return OptionalLong.empty();
  }
}
