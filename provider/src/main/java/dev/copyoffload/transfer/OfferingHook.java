package dev.copyoffload.transfer;

import dev.copyoffload.linux.Completion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import sun.nio.ch.TransferHook;

/** Hands what the JDK's channels and streams ask on to {@link ChannelOffload}. */
public final class OfferingHook extends TransferHook {
  private OfferingHook() {}

  /**
   * Answers from now on. Here, since a class that names this one is not verified without the class
   * that it extends, which may not be there.
   */
  public static void install() {
    TransferHook.install(new OfferingHook());
  }

  @Override
  protected long to(FileChannel source, long position, long count, FileChannel target)
      throws IOException {
    return Completion.ensure()
        ? ChannelOffload.transferTo(source, position, count, target)
        : DECLINED;
  }

  @Override
  protected long from(FileChannel target, FileChannel source, long position, long count)
      throws IOException {
    return Completion.ensure()
        ? ChannelOffload.transferFrom(target, source, position, count)
        : DECLINED;
  }

  @Override
  protected long all(InputStream in, OutputStream out) throws IOException {
    return Completion.ensure() ? ChannelOffload.transferAll(in, out) : DECLINED;
  }

  @Override
  protected long some(InputStream in, OutputStream out, int length, boolean keeps) {
    return Completion.ensure() ? ChannelOffload.transferRounds(in, out, length, keeps) : 0;
  }
}
