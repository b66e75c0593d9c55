package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import jdk.internal.access.JavaIOFileDescriptorAccess;
import jdk.internal.access.SharedSecrets;
import jdk.internal.misc.Unsafe;

/**
 * What the JDK's own file channels and streams keep to themselves.
 *
 * <p>The names are the same from JDK 17 to 25; where one is missing, this class cannot be
 * initialised. By offsets, since method handles take a JVM some ten milliseconds to begin with.
 */
public final class OffloadChannels {
  private static final Unsafe UNSAFE = Unsafe.getUnsafe();
  private static final JavaIOFileDescriptorAccess DESCRIPTORS =
      SharedSecrets.getJavaIOFileDescriptorAccess();

  private static final long FD = offset("fd");
  private static final long PATH = offset("path");
  private static final long READABLE = offset("readable");
  private static final long WRITABLE = offset("writable");
  private static final long DIRECT = offset("direct");
  private static final long UNINTERRUPTIBLE = offset("uninterruptible");
  private static final long PARENT = offset("parent");
  private static final long POSITION_LOCK = offset("positionLock");
  private static final long THREADS = offset("threads");
  private static final long INPUT = UNSAFE.objectFieldOffset(ChannelInputStream.class, "ch");

  /** What Channels.newOutputStream returns: before JDK 18 a class without a name. */
  private static volatile Class<?> output;

  private static volatile long outputOffset;
  private static volatile Constructor<?> extension;

  private OffloadChannels() {}

  /**
   * Throws a LinkageError where the JDK has not what the others use: here, while nobody transfers
   * yet.
   */
  public static void require() {
    NativeThreadSet threads = new NativeThreadSet(1);
    threads.remove(threads.add());
  }

  private static long offset(String field) {
    return UNSAFE.objectFieldOffset(FileChannelImpl.class, field);
  }

  /** Whether a channel is of the JDK's own class, or extends it as ours does. */
  public static boolean isOwn(Channel channel) {
    return channel instanceof FileChannelImpl;
  }

  /** Whether a channel is of the JDK's own class and no other. */
  public static boolean isExactlyOwn(Channel channel) {
    return channel.getClass() == FileChannelImpl.class;
  }

  public static FileDescriptor descriptor(FileChannel channel) {
    return (FileDescriptor) UNSAFE.getReference(channel, FD);
  }

  /** The descriptor's number; valid only while a thread is inside, see {@link #enter}. */
  public static int number(FileChannel channel) {
    return DESCRIPTORS.get(descriptor(channel));
  }

  /** The name by which a channel was opened, or null. */
  public static String path(FileChannel channel) {
    return (String) UNSAFE.getReference(channel, PATH);
  }

  public static boolean isReadable(FileChannel channel) {
    return UNSAFE.getBoolean(channel, READABLE);
  }

  public static boolean isWritable(FileChannel channel) {
    return UNSAFE.getBoolean(channel, WRITABLE);
  }

  /** Whether a channel goes past the page cache. */
  public static boolean isDirect(FileChannel channel) {
    return UNSAFE.getBoolean(channel, DIRECT);
  }

  /** Whether interrupts leave a channel open. */
  public static boolean isUninterruptible(FileChannel channel) {
    return UNSAFE.getBooleanVolatile(channel, UNINTERRUPTIBLE);
  }

  /** What the descriptor of a channel is also used by, or null. */
  public static Object parent(FileChannel channel) {
    return UNSAFE.getReference(channel, PARENT);
  }

  /** The monitor under which the JDK's code reads and moves the position of a channel. */
  public static Object positionLock(FileChannel channel) {
    return UNSAFE.getReference(channel, POSITION_LOCK);
  }

  /**
   * Marks the current thread as inside a channel: from now on {@code close()} signals the thread,
   * which ends a blocked call with EINTR, and keeps the descriptor until the thread has left.
   *
   * @return what {@link #leave} needs
   */
  public static int enter(FileChannel channel) {
    return ((NativeThreadSet) UNSAFE.getReference(channel, THREADS)).add();
  }

  public static void leave(FileChannel channel, int index) {
    ((NativeThreadSet) UNSAFE.getReference(channel, THREADS)).remove(index);
  }

  /** The channel that a stream of the JDK's own reads, or null if it is another stream. */
  public static Channel channelOf(InputStream in) {
    Class<?> type = in.getClass();
    if (type == FileInputStream.class) {
      return ((FileInputStream) in).getChannel();
    }
    return type == ChannelInputStream.class ? (Channel) UNSAFE.getReference(in, INPUT) : null;
  }

  /** The channel that a stream of the JDK's own writes, or null if it is another stream. */
  public static Channel channelOf(OutputStream out) {
    Class<?> type = out.getClass();
    if (type == FileOutputStream.class) {
      return ((FileOutputStream) out).getChannel();
    }
    if (type != output) {
      if (type.getClassLoader() != null || !findOutput(type)) {
        return null;
      }
    }
    return (Channel) UNSAFE.getReference(out, outputOffset);
  }

  private static boolean findOutput(Class<?> type) {
    String field =
        switch (type.getName()) {
          case "sun.nio.ch.ChannelOutputStream" -> "ch";
          // What it is on JDK 17; on others that name may be another's, without such a field.
          case "java.nio.channels.Channels$1" -> "val$ch";
          default -> null;
        };
    if (field == null || !OutputStream.class.isAssignableFrom(type)) {
      return false;
    }
    outputOffset = UNSAFE.objectFieldOffset(type, field);
    output = type;
    return true;
  }

  /**
   * Defines a class of channels that extends the JDK's, as its nest mate.
   *
   * @param classFile of {@code OffloadFileChannel}
   */
  public static synchronized void define(byte[] classFile) throws ReflectiveOperationException {
    Class<?> type =
        MethodHandles.privateLookupIn(FileChannelImpl.class, MethodHandles.lookup())
            .defineHiddenClass(classFile, true, MethodHandles.Lookup.ClassOption.NESTMATE)
            .lookupClass();
    Constructor<?> found =
        type.getDeclaredConstructor(
            FileDescriptor.class, String.class, boolean.class, boolean.class, Object.class);
    found.setAccessible(true);
    extension = found;
  }

  /** A channel of that class over the same open file, which closes the given one when it closes. */
  public static FileChannel extended(FileChannel raw) throws ReflectiveOperationException {
    return (FileChannel)
        extension.newInstance(
            descriptor(raw), path(raw), isReadable(raw), isWritable(raw), (Object) raw);
  }
}
