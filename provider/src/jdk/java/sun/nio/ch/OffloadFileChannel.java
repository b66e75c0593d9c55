package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The JDK's own file channel, whose transfers are offered elsewhere first.
 *
 * <p>A subclass, and not a wrapper: the JDK's classes and native libraries of others look for the
 * class and read its fields. Defined as a hidden nest mate of its superclass, whose constructor is
 * private.
 */
final class OffloadFileChannel extends FileChannelImpl {
  /**
   * @param parent the channel that the descriptor was taken from: it is closed with this one, and
   *     kept from being collected, which would close the descriptor too
   */
  OffloadFileChannel(
      FileDescriptor descriptor, String path, boolean readable, boolean writable, Object parent) {
    super(descriptor, path, readable, writable, false, parent);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target)
      throws IOException {
    long transferred = TransferHook.transferTo(this, position, count, target);
    return transferred == 0 ? super.transferTo(position, count, target) : transferred;
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    long transferred = TransferHook.transferFrom(this, source, position, count);
    return transferred == 0 ? super.transferFrom(source, position, count) : transferred;
  }
}
