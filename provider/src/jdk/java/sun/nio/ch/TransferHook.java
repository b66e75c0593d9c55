package sun.nio.ch;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.function.ToLongFunction;

/**
 * Where calls woven into the JDK's classes arrive, and are handed on to a class loader that these do
 * not see.
 *
 * <p>A handler takes the arguments of the method, and returns less than 0 to decline; it wraps what
 * it throws in an {@link UncheckedIOException}.
 */
public final class TransferHook {
  private static final long DECLINED = -1;

  private static volatile ToLongFunction<Object[]> transferTo;
  private static volatile ToLongFunction<Object[]> transferFrom;
  private static volatile ToLongFunction<Object[]> transferStream;

  private TransferHook() {}

  /** Says who handles the calls from now on. */
  public static void install(
      ToLongFunction<Object[]> to,
      ToLongFunction<Object[]> from,
      ToLongFunction<Object[]> stream) {
    transferTo = to;
    transferFrom = from;
    transferStream = stream;
  }

  /** Called first in FileChannelImpl.transferTo. */
  public static long transferTo(
      FileChannel source, String path, long position, long count, WritableByteChannel target)
      throws IOException {
    return target instanceof FileChannelImpl
        ? call(transferTo, source, path, position, count, target)
        : DECLINED;
  }

  /** Called first in FileChannelImpl.transferFrom. */
  public static long transferFrom(
      FileChannel target, String path, ReadableByteChannel source, long position, long count)
      throws IOException {
    return source instanceof FileChannelImpl
        ? call(transferFrom, target, path, source, position, count)
        : DECLINED;
  }

  /** Called first in InputStream.transferTo; the hook is for two streams that are files. */
  public static long transferTo(InputStream in, OutputStream out) throws IOException {
    Class<?> type = in.getClass();
    return type == FileInputStream.class || type == ChannelInputStream.class
        ? call(transferStream, in, out)
        : DECLINED;
  }

  private static long call(ToLongFunction<Object[]> handler, Object... arguments)
      throws IOException {
    if (handler == null) {
      return DECLINED;
    }
    try {
      return handler.applyAsLong(arguments);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
