package dev.copyoffload.file;

import java.io.IOException;
import java.nio.file.Path;

/** Copies and moves of {@link FileCopy} by the paths alone. */
final class ByPath {
  private ByPath() {}

  static boolean copy(FileCopy files, Path source, Path target, CopyPolicy policy)
      throws IOException {
    return files.copy(source, RawPath.ofAny(source), target, RawPath.ofAny(target), policy);
  }

  static boolean move(FileCopy files, Path source, Path target, CopyPolicy policy)
      throws IOException {
    return files.move(source, RawPath.ofAny(source), target, RawPath.ofAny(target), policy);
  }
}
