package sun.nio.fs;

import java.util.Arrays;
import jdk.internal.loader.BootLoader;

/**
 * Defines all classes of ours for the boot loader: none is verified then, every class loader sees
 * them, and nothing of the JDK is opened to the program.
 *
 * <p>Initialised once, by the agent, which leaves the classes where {@link #IMAGE} says.
 */
final class OffloadImage {
  /** The system property that holds them, for as long as it takes to get here. */
  private static final String IMAGE = "copyoffload.image";

  static {
    try {
      define((byte[]) System.getProperties().remove(IMAGE));
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private OffloadImage() {}

  /**
   * Defines class files, each behind its length: first the one that lets us in, then superclasses
   * before what extends them.
   */
  private static void define(byte[] image) throws IllegalAccessException {
    int at = 0;
    while (at < image.length) {
      int length =
          (image[at] & 0xFF) << 24
              | (image[at + 1] & 0xFF) << 16
              | (image[at + 2] & 0xFF) << 8
              | (image[at + 3] & 0xFF);
      if (at == 0) {
        // Some of the others extend classes of these packages.
        byte[] exports = Arrays.copyOfRange(image, 4, 4 + length);
        OffloadKernel.admit(BootLoader.getUnnamedModule(), exports);
      } else {
        OffloadKernel.define(image, at + 4, length);
      }
      at += 4 + length;
    }
  }
}
