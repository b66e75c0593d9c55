package dev.copyoffload.transfer;

import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.OffloadChannels;

/** The file channels behind the JDK's streams. */
final class StreamInternals {
  private StreamInternals() {}

  /** The file channel that a stream reads, or null if it is not sure to read just that. */
  static @Nullable FileChannel channelOf(InputStream in) {
    if (in instanceof OffloadInputStream ours) {
      return channelOf(ours.delegate());
    }
    return FileChannelInternals.areKnown()
            && OffloadChannels.channelOf(in) instanceof FileChannel file
        ? file
        : null;
  }

  /** The file channel that a stream writes, or null if it is not sure to write just that. */
  static @Nullable FileChannel channelOf(OutputStream out) {
    return FileChannelInternals.areKnown()
            && OffloadChannels.channelOf(out) instanceof FileChannel file
        ? file
        : null;
  }

  /**
   * Whether a stream is of one of the JDK's two classes that write files; also true while that of
   * the second is not known.
   */
  static boolean mayBeFile(OutputStream out) {
    return out.getClass() == FileOutputStream.class || out.getClass().getClassLoader() == null;
  }
}
