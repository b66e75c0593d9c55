package dev.copyoffload.agent;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The classes that the agent defines for the boot loader, as the build packs them. */
final class Image {
  private static final String NAME = "META-INF/copyoffload.image";

  private Image() {}

  /**
   * Reads them from the agent's jar, which is the only place where they are in one piece.
   *
   * @throws IOException if the jar has been moved meanwhile, or was built without
   */
  static byte[] read() throws IOException {
    String jar = Image.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    try (ZipFile file = new ZipFile(decoded(jar))) {
      ZipEntry entry = file.getEntry(NAME);
      if (entry == null) {
        throw new IOException(jar.concat(" has no ").concat(NAME));
      }
      try (InputStream in = file.getInputStream(entry)) {
        return in.readAllBytes();
      }
    }
  }

  private static String decoded(String path) {
    // A plain name needs no more classes.
    return path.indexOf('%') < 0 ? path : java.net.URI.create("file:".concat(path)).getPath();
  }
}
