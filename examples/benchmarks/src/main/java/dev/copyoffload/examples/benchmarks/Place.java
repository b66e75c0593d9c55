package dev.copyoffload.examples.benchmarks;

import java.nio.file.Path;

/**
 * A directory on a file system.
 *
 * @param name the file system, as it is called in the results
 * @param directory where files are made, and removed
 */
record Place(String name, Path directory) {
  /**
   * Parses {@code FS=DIR}.
   *
   * @throws IllegalArgumentException if it is not of that form
   */
  static Place parse(String argument) {
    int equals = argument.indexOf('=');
    if (equals <= 0 || equals == argument.length() - 1) {
      throw new IllegalArgumentException("'" + argument + "' is not FS=DIR, such as xfs=/data");
    }
    return new Place(argument.substring(0, equals), Path.of(argument.substring(equals + 1)));
  }
}
