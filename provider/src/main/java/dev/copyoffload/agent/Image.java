package dev.copyoffload.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The classes that the agent defines for the boot loader, as the build packs them in its jar. */
final class Image {
  private static final String FIRST = "META-INF/copyoffload-first.image";
  private static final String LOOPS = "META-INF/copyoffload-loops.image";
  private static final String CORE = "META-INF/copyoffload-core.image";
  private static final String MOVING = "META-INF/copyoffload-moving.image";
  private static final String TRANSFERS = "META-INF/copyoffload-transfers.image";
  private static final String REST = "META-INF/copyoffload-rest.image";

  private final String jar;

  Image() {
    String path = Image.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    // A plain name needs no more classes.
    jar = path.indexOf('%') < 0 ? path : URI.create("file:".concat(path)).getPath();
  }

  /** What programs may name and what the JDK asks; and what looks at loops. */
  byte[][] first() throws IOException {
    return read(FIRST, LOOPS);
  }

  /** The first class file of an image. */
  static byte[] firstOf(byte[] image) {
    int length =
        (image[0] & 0xFF) << 24
            | (image[1] & 0xFF) << 16
            | (image[2] & 0xFF) << 8
            | (image[3] & 0xFF);
    return Arrays.copyOfRange(image, 4, 4 + length);
  }

  /** What copies and transfers need, and the rest: at once, for the jar may be gone later. */
  byte[][] others() throws IOException {
    return read(CORE, MOVING, TRANSFERS, REST);
  }

  private byte[][] read(String... names) throws IOException {
    byte[][] images = new byte[names.length][];
    if (jar.endsWith("/")) {
      // The agent's classes were found in a directory first; its jar is on the class path all the
      // same.
      for (int i = 0; i < names.length; i++) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(names[i])) {
          if (in == null) {
            throw new IOException("copyoffload-agent.jar is not on the class path");
          }
          images[i] = in.readAllBytes();
        }
      }
      return images;
    }
    try (ZipFile file = new ZipFile(jar)) {
      for (int i = 0; i < names.length; i++) {
        ZipEntry entry = file.getEntry(names[i]);
        if (entry == null) {
          throw new IOException(jar.concat(" has no ").concat(names[i]));
        }
        // In one piece: readAllBytes() would put it together from pieces of 16 KiB.
        byte[] image = new byte[(int) entry.getSize()];
        try (InputStream in = file.getInputStream(entry)) {
          if (in.readNBytes(image, 0, image.length) < image.length) {
            throw new IOException(jar.concat(" ends within ").concat(names[i]));
          }
        }
        images[i] = image;
      }
    }
    return images;
  }
}
