package dev.copyoffload.examples.benchmarks;

import dev.copyoffload.examples.benchmarks.calls.FirstCopies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a new JVM copies before it ends.
 *
 * @param call by which call
 * @param size how many files of what size
 * @param bytes of all files
 * @param maker makes the files
 */
record Work(String call, String size, long bytes, Maker maker) {
  /** How the rows of copies alone begin. */
  static final String COPIES = "new JVM: ";

  /** Enough to be like a build's; a repository may hold a hundred times as much. */
  private static final long JARS_BYTES_MAX = 256L << 20;

  /** Makes a directory of files to copy. */
  interface Maker {
    Path files(Inputs inputs, Place place) throws IOException;
  }

  /** All of it; the jars only where there are any. */
  static List<Work> all(@Nullable Path repository) throws IOException {
    List<Work> all =
        new ArrayList<>(
            List.of(
                of(FirstCopies.COPY, 1, 64 << 20),
                of(FirstCopies.COPY, 50, 4 << 20),
                of(FirstCopies.COPY, 1_000, 64 << 10),
                of(FirstCopies.COPY, 4_000, 4 << 10),
                of(FirstCopies.FILES_STREAM, 200, 1 << 20),
                of(FirstCopies.FILE_STREAM, 200, 1 << 20)));
    if (repository != null && Files.isDirectory(repository)) {
      List<Path> jars = new ArrayList<>();
      long bytes = 0;
      for (Path jar : jars(repository)) {
        long more = Files.size(jar);
        if (bytes + more <= JARS_BYTES_MAX) {
          jars.add(jar);
          bytes += more;
        }
      }
      if (!jars.isEmpty()) {
        all.add(
            new Work(FirstCopies.COPY, "Maven's jars", bytes, (in, place) -> in.jars(place, jars)));
      }
    }
    return all;
  }

  static Work of(String call, int count, int bytes) {
    String each = bytes < 1 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
    return new Work(
        call,
        "%,d × %s".formatted(count, each),
        (long) count * bytes,
        (inputs, place) -> inputs.files(place, count, bytes));
  }

  /** The row of the time of the copies alone. */
  RowKey copies(Place place) {
    return new RowKey(COPIES + call, size, place.name(), place.name());
  }

  /** The row of the time from the start of the process to its end. */
  RowKey process(Place place) {
    return new RowKey("new JVM, whole process: " + call, size, place.name(), place.name());
  }

  private static List<Path> jars(Path repository) throws IOException {
    try (Stream<Path> files = Files.walk(repository)) {
      return files
          .filter(f -> f.toString().endsWith(".jar") && Files.isRegularFile(f))
          .sorted()
          .toList();
    }
  }
}
