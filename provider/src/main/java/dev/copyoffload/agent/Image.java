package dev.copyoffload.agent;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The classes that the agent defines for the boot loader, as the build packs them in its jar.
 *
 * <p>The jar stays open, as it is for the loader of the agent's own classes: what is read later is
 * of the same jar, whatever has that name by then.
 */
final class Image {
  private static final String PLACE = "META-INF/copyoffload-";
  private static final String SUFFIX = ".image";

  /** By the numbers of {@link dev.copyoffload.linux.Completion}. */
  private static final String[] PARTS = {"loops", "core", "moving", "transfers", "rest"};

  static final int COUNT = PARTS.length;

  /** Null, if the agent's classes were found in a directory first. */
  private final @Nullable ZipFile jar;

  Image() throws IOException {
    String path = Image.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    // A plain name needs no more classes.
    String name = path.indexOf('%') < 0 ? path : URI.create("file:".concat(path)).getPath();
    jar = name.endsWith("/") ? null : new ZipFile(name);
  }

  /** What programs may name and what the JDK asks. */
  byte[] first() throws IOException {
    return read("first");
  }

  /** What is defined when it is needed. */
  byte[] part(int number) throws IOException {
    return read(PARTS[number]);
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

  private byte[] read(String which) throws IOException {
    String name = PLACE.concat(which).concat(SUFFIX);
    if (jar == null) {
      // The jar is on the class path all the same.
      try (InputStream in = ClassLoader.getSystemResourceAsStream(name)) {
        if (in == null) {
          throw new IOException("copyoffload-agent.jar is not on the class path");
        }
        return in.readAllBytes();
      }
    }
    ZipEntry entry = jar.getEntry(name);
    if (entry == null) {
      throw new IOException(jar.getName().concat(" has no ").concat(name));
    }
    // In one piece: readAllBytes() would put it together from pieces of 16 KiB.
    byte[] image = new byte[(int) entry.getSize()];
    try (InputStream in = jar.getInputStream(entry)) {
      if (in.readNBytes(image, 0, image.length) < image.length) {
        throw new IOException(jar.getName().concat(" ends within ").concat(name));
      }
    }
    return image;
  }
}
