package dev.copyoffload.examples.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The regular files of a directory, or one regular file.
 *
 * @param root the directory or file
 * @param files every regular file in it, as paths that start with the root
 * @param bytes their sizes, summed
 */
record FileTree(Path root, List<Path> files, long bytes) {
  static FileTree of(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      List<Path> files = paths.filter(Files::isRegularFile).toList();
      long bytes = 0;
      for (Path file : files) {
        bytes += Files.size(file);
      }
      return new FileTree(root, files, bytes);
    }
  }

  /** Whether {@code copy} holds the same files with the same bytes, and no others. */
  boolean isIdenticalTo(Path copy) throws IOException {
    if (!Files.exists(copy) || !relativeFiles().equals(of(copy).relativeFiles())) {
      return false;
    }
    for (Path file : files) {
      if (Files.mismatch(file, copy.resolve(root.relativize(file))) != -1) {
        return false;
      }
    }
    return true;
  }

  static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private Set<Path> relativeFiles() {
    return files.stream().map(root::relativize).collect(Collectors.toSet());
  }
}
