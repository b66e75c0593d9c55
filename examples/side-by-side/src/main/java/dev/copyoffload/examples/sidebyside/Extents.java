package dev.copyoffload.examples.sidebyside;

import dev.copyoffload.linux.ExtentMap;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
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
    long shared = 0;
    for (Path file : FileTree.of(copy).files()) {
      try {
        // Extents are whole blocks: the last one reaches past the end of the file.
        shared += Math.min(ExtentMap.of(file).sharedBytes(), Files.size(file));
      } catch (FileSystemException | UnsupportedOperationException noExtentMap) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(shared);
  }
}
