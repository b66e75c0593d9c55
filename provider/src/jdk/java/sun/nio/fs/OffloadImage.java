package sun.nio.fs;

import java.util.Arrays;
import java.util.function.Consumer;
import jdk.internal.loader.BootLoader;

/**
 * Defines classes of ours for the boot loader: none is verified then, every class loader sees them,
 * and nothing of the JDK is opened to the program.
 *
 * <p>Initialised by the agent, which finds one where {@link #PLACE} says, and takes it away.
 */
final class OffloadImage implements Consumer<byte[]> {
  private static final String PLACE = "copyoffload.image";

  static {
    System.getProperties().put(PLACE, new OffloadImage());
  }

  private boolean admitted;

  private OffloadImage() {}

  /**
   * Defines class files, each behind its length, superclasses before what extends them. The very
   * first is the one that lets the others in.
   */
  @Override
  public void accept(byte[] image) {
    int at = 0;
    while (at < image.length) {
      int length =
          (image[at] & 0xFF) << 24
              | (image[at + 1] & 0xFF) << 16
              | (image[at + 2] & 0xFF) << 8
              | (image[at + 3] & 0xFF);
      if (admitted) {
        define(image, at + 4, length);
      } else {
        admit(Arrays.copyOfRange(image, at + 4, at + 4 + length));
      }
      at += 4 + length;
    }
  }

  private static void define(byte[] image, int at, int length) {
    try {
      OffloadKernel.define(image, at, length);
    } catch (NoClassDefFoundError e) {
      // An image of jlink's has no flight recorder, and so no superclass for our events.
      return;
    }
  }

  private void admit(byte[] exports) {
    try {
      OffloadKernel.admit(BootLoader.getUnnamedModule(), exports);
      admitted = true;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
