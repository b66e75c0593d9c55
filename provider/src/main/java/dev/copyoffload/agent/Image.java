package dev.copyoffload.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The classes that the agent defines for the boot loader, as the build packs them in its jar. */
final class Image {
  private static final String FIRST = "META-INF/copyoffload-first.image";
  private static final String REST = "META-INF/copyoffload-rest.image";

  private final String jar;

  Image() {
    String path = Image.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    // A plain name needs no more classes.
    jar = path.indexOf('%') < 0 ? path : URI.create("file:".concat(path)).getPath();
  }

  /** What programs may name and what the JDK asks. */
  byte[] first() throws IOException {
    return read(FIRST);
  }

  /** All others. */
  byte[] rest() throws IOException {
    return read(REST);
  }

  private byte[] read(String name) throws IOException {
    if (jar.endsWith("/")) {
      // The agent's classes were found in a directory first; its jar is on the class path all the
      // same.
      try (InputStream in = ClassLoader.getSystemResourceAsStream(name)) {
        if (in == null) {
          throw new IOException("copyoffload-agent.jar is not on the class path");
        }
        return in.readAllBytes();
      }
    }
    try (ZipFile file = new ZipFile(jar)) {
      ZipEntry entry = file.getEntry(name);
      if (entry == null) {
        throw new IOException(jar.concat(" has no ").concat(name));
      }
      try (InputStream in = file.getInputStream(entry)) {
        return in.readAllBytes();
      }
    }
  }
}
