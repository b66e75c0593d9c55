package sun.nio.ch;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OffloadLoop;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import jdk.internal.misc.Unsafe;

/**
 * Whom the JDK's channels and streams ask before they transfer. An answer of 0 declines:
 * nothing has changed, and the JDK's code must run.
 *
 * <p>A class that both sides see: the JDK's code that calls it, and ours that extends it.
 */
public abstract class TransferHook {
  private static final boolean STREAMS_TRANSFER = Runtime.version().feature() >= 18;

  private static volatile TransferHook installed;

  /** Where a stream has the channel that it reads, and that its descriptor, once it was asked. */
  private static long inputOffset;

  private static long descriptorOffset;

  /** Says who is asked from now on. */
  public static void install(TransferHook hook) {
    installed = hook;
  }

  /** Mirrors {@link FileChannel#transferTo}. */
  protected abstract long to(FileChannel source, long position, long count, FileChannel target)
      throws IOException;

  /** Mirrors {@link FileChannel#transferFrom}. */
  protected abstract long from(FileChannel target, FileChannel source, long position, long count)
      throws IOException;

  /** Mirrors {@link InputStream#transferTo}. */
  protected abstract long all(InputStream in, OutputStream out) throws IOException;

  /** Whether a loop over so many bytes is worth a question. */
  protected abstract boolean offersLoop(int bytes);

  /**
   * Does rounds of a loop, see {@code java.io.OffloadLoop}.
   *
   * @return bytes transferred, or 0
   */
  protected abstract long some(InputStream in, OutputStream out, int unit, boolean keeps);

  /** Whether streams that are there since the JVM started have yet to be made to ask. */
  protected abstract boolean hasToBegin();

  /** Has them ask from now on. */
  protected abstract void begin();

  /** Whether streams have yet to be made to ask, and somebody to be asked is there. */
  public static boolean awaitsStreams() {
    TransferHook hook = installed;
    return hook != null && hook.hasToBegin();
  }

  /** Called before somebody gets a handle of a method that transfers such a stream. */
  public static void begins() {
    installed.begin();
  }

  /**
   * Called before such a stream may be transferred; has it ask, if that is worth it.
   *
   * @param out null for one that Files opens
   * @param buffered whether there is a buffer in front of that
   */
  public static void begins(InputStream in, OutputStream out, boolean buffered)
      throws IOException {
    boolean known =
        STREAMS_TRANSFER
            ? in.getClass() == FileInputStream.class
                && (buffered || out == null || !areOfOneKind(in, out))
            : isFile(in);
    if (known && (out == null || isFile(out)) && installed.offersLoop(left(in))) {
      installed.begin();
    }
  }

  /** Called before a stream that Files opens, which from 18 on is of a class that asks already. */
  public static void beginsWithOpened(OutputStream out) {
    if (!STREAMS_TRANSFER && isFile(out)) {
      installed.begin();
    }
  }

  /** Called first in FileChannelImpl.transferTo. */
  public static long transferTo(
      FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    TransferHook hook = installed;
    return hook != null && target instanceof FileChannelImpl file
        ? hook.to(source, position, count, file)
        : 0;
  }

  /** Called first in FileChannelImpl.transferFrom. */
  public static long transferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    TransferHook hook = installed;
    return hook != null && source instanceof FileChannelImpl file
        ? hook.from(target, file, position, count)
        : 0;
  }

  /**
   * Called first in InputStream.transferTo, from 18 on in those of the JDK's two streams that read
   * files; the hook is for two streams that are files. Of none the JDK says itself what is wrong.
   */
  public static long transferTo(InputStream in, OutputStream out) throws IOException {
    TransferHook hook = installed;
    if (hook == null || out == null) {
      return 0;
    }
    boolean buffered = out.getClass() == BufferedOutputStream.class;
    if (STREAMS_TRANSFER) {
      return isFile(in) && (buffered || (!areOfOneKind(in, out) && isFile(out)))
          ? OffloadLoop.all(in, out)
          : 0;
    }
    return buffered || in.getClass() == BufferedInputStream.class
        ? OffloadLoop.all(in, out)
        : isFile(in) ? hook.all(in, out) : 0;
  }

  /** Whether two streams that are files are of one kind: from 18 on the JDK transfers these. */
  private static boolean areOfOneKind(InputStream in, OutputStream out) {
    return in instanceof FileInputStream == out instanceof FileOutputStream;
  }

  /** Whether a loop over two streams is to be asked about: they may be files, of some size. */
  public static boolean isOffered(InputStream in, OutputStream out) throws IOException {
    TransferHook hook = installed;
    return hook != null
        && in != null
        && out != null
        && isFile(in)
        && isFile(out)
        && hook.offersLoop(left(in));
  }

  /** How much there is to read, or 0 where only a read finds out. */
  private static int left(InputStream in) throws IOException {
    if (in.getClass() == ChannelInputStream.class) {
      Unsafe unsafe = Unsafe.getUnsafe();
      if (inputOffset == 0) {
        descriptorOffset = unsafe.objectFieldOffset(FileChannelImpl.class, "fd");
        inputOffset = unsafe.objectFieldOffset(ChannelInputStream.class, "ch");
      }
      // A channel of any other class may do anything when it is asked.
      return unsafe.getReference(in, inputOffset) instanceof FileChannelImpl channel
          ? left((FileDescriptor) unsafe.getReference(channel, descriptorOffset))
          : 0;
    }
    return in.available();
  }

  /** Not by the channel, which an interrupt that comes meanwhile would close: and nobody knew. */
  private static int left(FileDescriptor file) throws IOException {
    FileDispatcher files = new FileDispatcherImpl();
    // Less than 0: where it is.
    return (int) Math.min(Integer.MAX_VALUE, files.size(file) - files.seek(file, -1));
  }

  private static boolean isFile(InputStream in) {
    Class<?> type = in.getClass();
    return type == FileInputStream.class || type == ChannelInputStream.class;
  }

  private static boolean isFile(OutputStream out) {
    Class<?> type = out.getClass();
    if (type == FileOutputStream.class) {
      return true;
    }
    String name = type.getClassLoader() == null ? type.getName() : "";
    // Before JDK 18, a class without a name.
    return name.equals("sun.nio.ch.ChannelOutputStream")
        || name.equals("java.nio.channels.Channels$1");
  }

  /** Whether somebody has stopped this thread (JDK 17 to 19), which no hook may hide. */
  public static boolean isThreadDeath(Throwable e) {
    return e.getClass().getName().equals("java.lang.ThreadDeath");
  }

  /** Called in front of loops, once {@link #isOffered} says so. */
  public static long rounds(InputStream in, OutputStream out, int unit, boolean keeps) {
    TransferHook hook = installed;
    return hook == null ? 0 : hook.some(in, out, unit, keeps);
  }
}
