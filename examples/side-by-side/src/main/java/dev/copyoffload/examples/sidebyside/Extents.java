package dev.copyoffload.examples.sidebyside;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How much of a copy shares its blocks on disk with another file, as filefrag(8) tells. */
final class Extents {
  private static final int FILES_A_CALL = 500;

  /** The size of a file, or the length of an extent of it that is shared. */
  private static final Pattern LINE =
      Pattern.compile("(?m)^File size of .* is (\\d+) \\(|: +(\\d+):.*shared.*$");

  private Extents() {}

  /**
   * Sums the bytes that lie in shared extents over the files of {@code copy}.
   *
   * @return empty where the file system does not tell, or filefrag is missing
   */
  static OptionalLong sharedBytes(Path copy) throws IOException {
    List<Path> files = FileTree.of(copy).files();
    long shared = 0;
    for (int at = 0; at < files.size(); at += FILES_A_CALL) {
      List<String> command = new ArrayList<>(List.of("filefrag", "-s", "-b1", "-v"));
      files.subList(at, Math.min(files.size(), at + FILES_A_CALL)).stream()
          .map(Path::toString)
          .forEach(command::add);
      String map = output(command);
      if (map == null) {
        return OptionalLong.empty();
      }
      shared += sharedBytes(map);
    }
    return OptionalLong.of(shared);
  }

  private static long sharedBytes(String map) {
    long shared = 0;
    long left = 0;
    for (Matcher line = LINE.matcher(map); line.find(); ) {
      if (line.group(1) != null) {
        left = Long.parseLong(line.group(1));
      } else {
        // Extents are whole blocks: the last one reaches past the end of the file.
        long length = Math.min(left, Long.parseLong(line.group(2)));
        left -= length;
        shared += length;
      }
    }
    return shared;
  }

  private static @Nullable String output(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return process.waitFor() == 0 ? text : null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (IOException e) {
      // No such program.
      return null;
    }
  }
}
