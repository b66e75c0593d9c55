package dev.copyoffload.transfer;

import java.nio.channels.FileChannel;
import sun.nio.ch.OffloadChannels;

/** Makes channels of the class {@code sun.nio.ch.OffloadFileChannel} out of the JDK's own. */
final class OffloadingChannels {
  private static final class Defined {
    static final boolean IS = define();
  }

  private OffloadingChannels() {}

  /**
   * A channel like the given one, over the same open file, whose transfers are offered; or the
   * given one, where that cannot be. To close either closes both.
   */
  static FileChannel of(FileChannel raw) {
    if (!Defined.IS || !OffloadChannels.isExactlyOwn(raw) || OffloadChannels.isDirect(raw)) {
      return raw;
    }
    try {
      return OffloadChannels.extended(raw);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean define() {
    try {
      OffloadChannels.define(OffloadFileChannelBytes.get());
      OfferingHook.install();
      return true;
    } catch (ReflectiveOperationException
        | RuntimeException
        | LinkageError
        | StackOverflowError e) {
      // Another JDK: its channels do as they did.
      return false;
    }
  }
}
