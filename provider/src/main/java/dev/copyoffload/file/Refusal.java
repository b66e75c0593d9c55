package dev.copyoffload.file;

import dev.copyoffload.OffloadCopyOption;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The exception for an option that cannot be honoured. */
final class Refusal {
  private Refusal() {}

  /** Names the option, why, and the file systems of both files. */
  static FileSystemException of(OffloadCopyOption option, String why, Path source, Path target) {
    String from = fileSystemOf(source);
    Path parent = target.toAbsolutePath().getParent();
    String to = fileSystemOf(parent == null ? target : parent);
    String where = from.equals(to) ? "on " + to : "from " + from + " to " + to;
    return new FileSystemException(
        source.toString(), target.toString(), option + ": " + why + ", " + where);
  }

  private static String fileSystemOf(Path file) {
    try {
      return Files.getFileStore(file).type();
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      // The reason of the refusal is another.
      return "an unknown file system";
    }
  }
}
