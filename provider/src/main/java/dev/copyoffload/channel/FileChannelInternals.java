package dev.copyoffload.channel;

import dev.copyoffload.linux.TrustedLookup;
import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.FileChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK's own file channel keeps to itself: its descriptor, the lock of its position, and
 * the set of threads that {@code close()} waits for.
 *
 * <p>The names are those of {@code sun.nio.ch.FileChannelImpl}, the same from JDK 17 to 25.
 *
 * @param type the class of these channels
 * @param descriptor gets the {@code FileDescriptor} of a channel
 * @param path gets the name by which a channel was opened, may be null
 * @param number gets the number of a {@code FileDescriptor}
 * @param readable tells whether a channel was opened for reading
 * @param writable tells whether a channel was opened for writing
 * @param direct tells whether a channel goes past the page cache
 * @param uninterruptible tells whether interrupts leave a channel open
 * @param parent gets what the descriptor of a channel is also used by, may be null
 * @param positionLock gets the monitor that guards the position of a channel
 * @param threads gets the set of threads that are inside a channel
 * @param add puts the current thread into such a set, and gives its index
 * @param remove takes the thread with that index out of a set
 * @param interruptClosesBoth whether a thread interrupted in a transfer finds both channels closed,
 *     as the contract of FileChannel says, or only the one that was asked
 */
record FileChannelInternals(
    Class<?> type,
    MethodHandle descriptor,
    MethodHandle path,
    MethodHandle number,
    MethodHandle readable,
    MethodHandle writable,
    MethodHandle direct,
    MethodHandle uninterruptible,
    MethodHandle parent,
    MethodHandle positionLock,
    MethodHandle threads,
    MethodHandle add,
    MethodHandle remove,
    boolean interruptClosesBoth) {

  /** Of a getter whose field has another type on another JDK. */
  private static final MethodType OF_OBJECT = MethodType.methodType(Object.class, Object.class);

  /** Initialised once there is a {@link TrustedLookup}; null on a JDK of another build. */
  private static final class Found {
    static final @Nullable FileChannelInternals INTERNALS = find();
  }

  /** These parts, or null where the JDK has others, or while it does not show them. */
  static @Nullable FileChannelInternals get() {
    return TrustedLookup.isAtHand() ? Found.INTERNALS : null;
  }

  /**
   * These parts, once it is known that they are there: constants to the compiler, unlike fields.
   */
  static FileChannelInternals known() {
    return Objects.requireNonNull(Found.INTERNALS);
  }

  private static @Nullable FileChannelInternals find() {
    try {
      return find(TrustedLookup.get());
    } catch (ReflectiveOperationException
        | RuntimeException
        | LinkageError
        | StackOverflowError e) {
      // Another JDK: its channels do as they did.
      return null;
    }
  }

  private static FileChannelInternals find(MethodHandles.Lookup lookup)
      throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.nio.ch.FileChannelImpl");
    Class<?> set = Class.forName("sun.nio.ch.NativeThreadSet");
    return new FileChannelInternals(
        type,
        getter(lookup, type, "fd", FileDescriptor.class, Object.class),
        getter(lookup, type, "path", String.class, Object.class),
        getter(lookup, FileDescriptor.class, "fd", int.class, int.class),
        getter(lookup, type, "readable", boolean.class, boolean.class),
        getter(lookup, type, "writable", boolean.class, boolean.class),
        getter(lookup, type, "direct", boolean.class, boolean.class),
        getter(lookup, type, "uninterruptible", boolean.class, boolean.class),
        lookup.unreflectGetter(type.getDeclaredField("parent")).asType(OF_OBJECT),
        getter(lookup, type, "positionLock", Object.class, Object.class),
        getter(lookup, type, "threads", set, Object.class),
        lookup
            .findVirtual(set, "add", MethodType.methodType(int.class))
            .asType(MethodType.methodType(int.class, Object.class)),
        lookup
            .findVirtual(set, "remove", MethodType.methodType(void.class, int.class))
            .asType(MethodType.methodType(void.class, Object.class, int.class)),
        hasMethod(type, "transferFailed"));
  }

  private static MethodHandle getter(
      MethodHandles.Lookup lookup, Class<?> owner, String name, Class<?> type, Class<?> seenAs)
      throws ReflectiveOperationException {
    return lookup.findGetter(owner, name, type).asType(MethodType.methodType(seenAs, Object.class));
  }

  private static boolean hasMethod(Class<?> type, String name) {
    for (var method : type.getDeclaredMethods()) {
      if (method.getName().equals(name)) {
        return true;
      }
    }
    return false;
  }

  boolean isReadable(FileChannel channel) {
    return is(readable, channel);
  }

  boolean isWritable(FileChannel channel) {
    return is(writable, channel);
  }

  boolean isDirect(FileChannel channel) {
    return is(direct, channel);
  }

  boolean isUninterruptible(FileChannel channel) {
    return is(uninterruptible, channel);
  }

  /** The name by which a channel was opened, or null. */
  @Nullable String path(FileChannel channel) {
    return (String) get(path, channel);
  }

  FileDescriptor descriptor(FileChannel channel) {
    return (FileDescriptor) Objects.requireNonNull(get(descriptor, channel));
  }

  /** The descriptor's number; valid only while a thread is inside, see {@link #enter}. */
  int number(FileChannel channel) {
    try {
      return (int) number.invokeExact((Object) descriptor(channel));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Whether a channel's position is used under its lock only, and by no stream. */
  boolean hasItsOffset(FileChannel channel) {
    Object user = get(parent, channel);
    return user == null || user instanceof FileChannel;
  }

  /** The monitor under which the JDK's code reads and moves the position of a channel. */
  Object positionLock(FileChannel channel) {
    return Objects.requireNonNull(get(positionLock, channel));
  }

  /**
   * Marks the current thread as inside a channel: from now on {@code close()} signals the thread,
   * which ends a blocked call with EINTR, and keeps the descriptor until the thread has left.
   *
   * <p>The channel may have been closed before: look at {@code isOpen()} afterwards.
   *
   * @return what {@link #leave} needs
   */
  int enter(FileChannel channel) {
    try {
      return (int) add.invokeExact(get(threads, channel));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Marks the current thread as outside a channel again. */
  void leave(FileChannel channel, int index) {
    try {
      remove.invokeExact(get(threads, channel), index);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Gets what a field holds, by a getter that takes and returns just objects. */
  static @Nullable Object get(MethodHandle getter, Object object) {
    try {
      return (Object) getter.invokeExact(object);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static boolean is(MethodHandle flag, FileChannel channel) {
    try {
      return (boolean) flag.invokeExact((Object) channel);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** None of these declares an exception. */
  static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException(thrown);
  }
}
