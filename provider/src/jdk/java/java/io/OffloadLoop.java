package java.io;

import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import jdk.internal.misc.Unsafe;
import sun.nio.ch.TransferHook;

/**
 * Whom loops ask that copy one stream into another, in classes of any class loader; so in a package
 * that each of them sees.
 *
 * <p>In java.io, to look into the JDK's buffered streams, whose fields are for their package.
 */
public final class OffloadLoop {
  /** What the JDK reads at once at least, if it is asked for as much; from 21 on no more. */
  private static final int READ_AT_ONCE = 64 << 10;

  /** Whether the JDK's buffered streams may have a lock of their own beside their monitor. */
  private static final boolean HAVE_LOCKS =
      Runtime.version().feature() >= 19 && Runtime.version().feature() <= 23;

  /** Calls that take more of the stack than an unlock: an overflow in it would lock for ever. */
  private static final int CALLS_LEFT = 256;

  /** What InputStream.transferTo reads at once. */
  private static final int AT_ONCE = Runtime.version().feature() >= 21 ? 16 << 10 : 8 << 10;

  /** Bytes from which a unit is not tried: few files hold two of it. */
  private static final long LARGEST_UNIT = 64 << 20;

  private OffloadLoop() {}

  /**
   * Does rounds of a loop that reads as many bytes as the buffer holds. See {@link
   * #transfer(InputStream, OutputStream, byte[], int, boolean, Object)}.
   */
  public static long transfer(
      InputStream in, OutputStream out, byte[] buffer, boolean keeps, Object absent) {
    return buffer == null ? 0 : transfer(in, out, buffer, buffer.length, keeps, absent);
  }

  /**
   * Does rounds of a loop that reads up to {@code length} bytes to the beginning of the buffer, and
   * writes them. Throws nothing, and does no round that would.
   *
   * @param keeps whether somebody looks at the buffer afterwards: then the last rounds are the
   *     loop's
   * @param absent what has to be null
   * @return bytes transferred; 0 where the loop has to do it all
   */
  public static long transfer(
      InputStream in, OutputStream out, byte[] buffer, int length, boolean keeps, Object absent) {
    if (in == null
        || out == null
        || buffer == null
        || absent != null
        || length <= 0
        || length > buffer.length) {
      return 0;
    }
    return rounds(in, out, length, keeps);
  }

  private static long rounds(InputStream in, OutputStream out, int length, boolean keeps) {
    try {
      InputStream source = behind(in);
      OutputStream target = behind(out);
      if (!TransferHook.isOffered(source, target)) {
        return 0;
      }
      long unit = length;
      // Each lock alone: a program may take them in another order.
      if (target != out) {
        BufferedOutputStream buffered = (BufferedOutputStream) out;
        if (!isEmpty(buffered)) {
          return 0;
        }
        int capacity = capacityOf(buffered.buf, "maxBufSize", buffered);
        // It writes when no whole round fits any more.
        unit = length < capacity ? (long) capacity / length * length : length;
      }
      if (source != in) {
        BufferedInputStream buffered = (BufferedInputStream) in;
        return transfer(buffered, source, target, unit, length);
      }
      return rounds(source, target, unit, keeps || target != out, length);
    } catch (Throwable e) {
      if (TransferHook.isThreadDeath(e)) {
        throw (Error) e;
      }
      // A stream that is closed, an agent's jar that has gone: nothing was transferred, and the loop
      // will find what it has to.
      return 0;
    }
  }

  /**
   * Does rounds, so many that buffered streams are then as after as many of the loop's: the last
   * ones are its own.
   *
   * @param unit a number of rounds, in bytes, behind which a buffered stream is as in the beginning
   */
  private static long rounds(
      InputStream source, OutputStream target, long unit, boolean keeps, int length) {
    return unit > LARGEST_UNIT || (keeps && length > READ_AT_ONCE)
        ? 0
        : TransferHook.rounds(source, target, (int) unit, keeps);
  }

  /** The size of the buffer of a stream, which later JDKs make when it is needed. */
  private static int capacityOf(byte[] buffer, String field, Object stream) {
    try {
      Unsafe unsafe = Unsafe.getUnsafe();
      int wanted = unsafe.getInt(stream, unsafe.objectFieldOffset(stream.getClass(), field));
      return Math.max(buffer.length, wanted);
    } catch (InternalError e) {
      // JDK 17 and 18 make it at once, and have no such field.
      return buffer.length;
    }
  }

  private static long leastCommonMultiple(long a, long b) {
    long greater = a;
    long divisor = b;
    while (divisor != 0) {
      long rest = greater % divisor;
      greater = divisor;
      divisor = rest;
    }
    return a / greater * b;
  }

  /**
   * Mirrors {@link InputStream#transferTo}.
   *
   * @return bytes transferred, all that there were, or 0
   */
  public static long all(InputStream in, OutputStream out) throws IOException {
    long transferred = rounds(in, out, AT_ONCE, false);
    if (transferred == 0) {
      return 0;
    }
    byte[] buffer = new byte[AT_ONCE];
    // Where the end is, only a read knows.
    int read;
    while ((read = in.read(buffer, 0, AT_ONCE)) >= 0) {
      out.write(buffer, 0, read);
      transferred += read;
    }
    return transferred;
  }

  private static InputStream behind(InputStream in) {
    return in.getClass() == BufferedInputStream.class ? ((BufferedInputStream) in).in : in;
  }

  private static OutputStream behind(OutputStream out) {
    return out.getClass() == BufferedOutputStream.class ? ((BufferedOutputStream) out).out : out;
  }

  /**
   * Called before a call that transfers a stream: {@link InputStream#transferTo} and two of {@code
   * Files.copy}. If it may be worth it, has streams ask that do not yet. Throws nothing.
   *
   * @param in a stream; or the path of what Files opens
   * @param out a stream, or null for one that Files opens
   */
  public static void begins(Object in, Object out) {
    try {
      if (!TransferHook.awaitsStreams()) {
        return;
      }
      OutputStream target = out == null ? null : behind((OutputStream) out);
      if (in instanceof InputStream stream) {
        TransferHook.begins(behind(stream), target, target != out);
      } else if (in instanceof Path) {
        TransferHook.beginsWithOpened(target);
      }
    } catch (Throwable e) {
      // No stream at all, or a closed one: what comes next will say so.
      return;
    }
  }

  /** Called before a handle of such a method is made: nobody knows of which streams. */
  public static void begins() {
    if (TransferHook.awaitsStreams()) {
      TransferHook.begins();
    }
  }

  private static boolean isEmpty(BufferedOutputStream out) {
    ReentrantLock lock = lockOf(out);
    if (lock == null) {
      synchronized (out) {
        return out.count == 0;
      }
    }
    lock.lock();
    try {
      return out.count == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Under its lock to the end, so that nobody fills the buffer from behind what is transferred. */
  private static long transfer(
      BufferedInputStream in, InputStream source, OutputStream target, long unit, int length) {
    ReentrantLock lock = lockOf(in);
    if (lock == null) {
      synchronized (in) {
        return roundsIfEmpty(in, source, target, unit, length);
      }
    }
    lock.lock();
    try {
      return roundsIfEmpty(in, source, target, unit, length);
    } finally {
      lock.unlock();
    }
  }

  private static long roundsIfEmpty(
      BufferedInputStream in, InputStream source, OutputStream target, long unit, int length) {
    if (!isEmpty(in)) {
      return 0;
    }
    int capacity = capacityOf(in.buf, "initialSize", in);
    // It reads as much as it holds at once, unless it is asked for as much.
    long both = length < capacity ? leastCommonMultiple(unit, capacity) : unit;
    return rounds(source, target, both, true, length);
  }

  private static boolean isEmpty(BufferedInputStream in) {
    // A mark wants the bytes behind it to be kept.
    return in.buf != null && in.pos >= in.count && in.markpos < 0;
  }

  /** The lock that a buffered stream is used under, or null where that is its monitor. */
  private static ReentrantLock lockOf(Object stream) {
    Object internal = HAVE_LOCKS ? lockIn(stream) : null;
    if (internal == null) {
      return null;
    }
    depthOf(CALLS_LEFT);
    return (ReentrantLock) lockIn(internal);
  }

  private static Object lockIn(Object owner) {
    Unsafe unsafe = Unsafe.getUnsafe();
    return unsafe.getReference(owner, unsafe.objectFieldOffset(owner.getClass(), "lock"));
  }

  private static int depthOf(int calls) {
    return calls == 0 ? 0 : 1 + depthOf(calls - 1);
  }
}
