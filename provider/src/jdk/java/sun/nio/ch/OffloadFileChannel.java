package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * The JDK's own file channel, whose transfers are offered elsewhere first.
 *
 * <p>A subclass, and not a wrapper: the JDK's classes and native libraries of others look for the
 * class and read its fields. Defined as a hidden nest mate of its superclass, with two method handles
 * as its class data: what {@code transferTo} and {@code transferFrom} ask first. They take what
 * those take, the channel in front, and return less than 0 to decline.
 */
final class OffloadFileChannel extends FileChannelImpl {
  private static final MethodHandle TRANSFER_TO;
  private static final MethodHandle TRANSFER_FROM;

  static {
    try {
      List<?> hooks = MethodHandles.classData(MethodHandles.lookup(), "_", List.class);
      TRANSFER_TO = (MethodHandle) hooks.get(0);
      TRANSFER_FROM = (MethodHandle) hooks.get(1);
    } catch (IllegalAccessException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

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
    long transferred;
    try {
      transferred = (long) TRANSFER_TO.invokeExact((FileChannel) this, position, count, target);
    } catch (Throwable e) {
      throw rethrown(e);
    }
    return transferred < 0 ? super.transferTo(position, count, target) : transferred;
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    long transferred;
    try {
      transferred = (long) TRANSFER_FROM.invokeExact((FileChannel) this, source, position, count);
    } catch (Throwable e) {
      throw rethrown(e);
    }
    return transferred < 0 ? super.transferFrom(source, position, count) : transferred;
  }

  private static RuntimeException rethrown(Throwable thrown) throws IOException {
    if (thrown instanceof IOException checked) {
      throw checked;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }
}
