package dev.copyoffload.spi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a file lies on its device, as filefrag(8) tells. */
final class Extents {
  private static final Pattern SHARED = Pattern.compile("(?m): +(\\d+):.*shared.*$");

  private Extents() {}

  /** Bytes of extents that another file uses too, in whole blocks. */
  static long sharedBytes(Path file) throws IOException {
    long shared = 0;
    String map = Command.run("filefrag", "-s", "-b1", "-v", file.toString());
    for (Matcher extent = SHARED.matcher(map); extent.find(); ) {
      shared += Long.parseLong(extent.group(1));
    }
    return shared;
  }
}
