package sun.nio.fs;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;
import jdk.internal.loader.BootLoader;
import jdk.internal.misc.Unsafe;

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

  private static final Unsafe UNSAFE = Unsafe.getUnsafe();

  private boolean admitted;

  /** Where images are to go on whose definition ended early; that of loops has a lock of its own. */
  private final Map<byte[], Integer> unfinished =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private OffloadImage() {}

  /**
   * Defines class files, each behind its length, superclasses before what extends them. The
   * first of all is this class, which is there, the second one is {@link OffloadKernel}, and the
   * third one is what lets the others in. After an overflow of the stack or of memory it goes on
   * where it was.
   */
  @Override
  public void accept(byte[] image) {
    int at = 0;
    if (!admitted) {
      at = end(image, at);
      define(image, at);
      at = end(image, at);
      OffloadKernel.admit(
          BootLoader.getUnnamedModule(), Arrays.copyOfRange(image, at + 4, end(image, at)));
      at = end(image, at);
      admitted = true;
    }
    Integer left = unfinished.remove(image);
    if (left != null) {
      at = left;
    }
    try {
      while (at < image.length) {
        define(image, at);
        at = end(image, at);
      }
    } catch (Throwable e) {
      unfinished.put(image, at);
      throw e;
    }
  }

  private static int end(byte[] image, int at) {
    int length =
        (image[at] & 0xFF) << 24
            | (image[at + 1] & 0xFF) << 16
            | (image[at + 2] & 0xFF) << 8
            | (image[at + 3] & 0xFF);
    return at + 4 + length;
  }

  private static void define(byte[] image, int at) {
    try {
      UNSAFE.defineClass(null, image, at + 4, end(image, at) - at - 4, null, null);
    } catch (NoClassDefFoundError e) {
      // An image of jlink's has no flight recorder, and so no superclass for our events.
      return;
    } catch (LinkageError e) {
      // Plain where a thread that waited for another one long enough has defined it meanwhile.
      if (e.getClass() != LinkageError.class) {
        throw e;
      }
    }
  }
}
