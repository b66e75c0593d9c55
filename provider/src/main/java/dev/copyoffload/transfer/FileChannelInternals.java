package dev.copyoffload.transfer;

import dev.copyoffload.linux.Completion;
import dev.copyoffload.linux.JavaBase;
import java.io.FileDescriptor;
import java.nio.channels.FileChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.OffloadChannels;

/**
 * What the JDK's own file channel keeps to itself: its descriptor, the lock of its position, and
 * the set of threads that {@code close()} waits for.
 */
final class FileChannelInternals {
  /** Initialised once java.base can be entered; null on a JDK of another build. */
  private static final class Found {
    static final @Nullable FileChannelInternals INTERNALS = find();
  }

  /** Initialised with the first transfer: to list methods takes a while. */
  private static final class Interrupt {
    static final boolean CLOSES_BOTH = closesBoth();

    private static boolean closesBoth() {
      try {
        return hasMethod(Class.forName("sun.nio.ch.FileChannelImpl"), "transferFailed");
      } catch (ClassNotFoundException e) {
        throw new LinkageError("sun.nio.ch.FileChannelImpl", e);
      }
    }
  }

  private FileChannelInternals() {}

  /** These parts, or null where the JDK has others, or while it does not show them. */
  static @Nullable FileChannelInternals get() {
    return JavaBase.isEntered() ? Found.INTERNALS : null;
  }

  /**
   * These parts, once it is known that they are there: constants to the compiler, unlike fields.
   */
  static FileChannelInternals known() {
    return Objects.requireNonNull(Found.INTERNALS);
  }

  private static @Nullable FileChannelInternals find() {
    try {
      if (!Completion.isWithAgent()) {
        JavaBase.define("sun.nio.ch.TransferHook", TransferHookBytes.get());
        JavaBase.define("sun.nio.ch.OffloadChannels", OffloadChannelsBytes.get());
      }
      OffloadChannels.require();
      return new FileChannelInternals();
    } catch (RuntimeException | LinkageError | InternalError | StackOverflowError e) {
      // Another JDK, one without such a field perhaps: its channels do as they did.
      return null;
    }
  }

  private static boolean hasMethod(Class<?> type, String name) {
    for (var method : type.getDeclaredMethods()) {
      if (method.getName().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a thread interrupted in a transfer finds both channels closed, as the contract of
   * FileChannel says, or only the one that was asked.
   */
  boolean interruptClosesBoth() {
    return Interrupt.CLOSES_BOTH;
  }

  boolean isReadable(FileChannel channel) {
    return OffloadChannels.isReadable(channel);
  }

  boolean isWritable(FileChannel channel) {
    return OffloadChannels.isWritable(channel);
  }

  boolean isDirect(FileChannel channel) {
    return OffloadChannels.isDirect(channel);
  }

  boolean isUninterruptible(FileChannel channel) {
    return OffloadChannels.isUninterruptible(channel);
  }

  /** The name by which a channel was opened, or null. */
  @Nullable String path(FileChannel channel) {
    return OffloadChannels.path(channel);
  }

  FileDescriptor descriptor(FileChannel channel) {
    return OffloadChannels.descriptor(channel);
  }

  /** The descriptor's number; valid only while a thread is inside, see {@link #enter}. */
  int number(FileChannel channel) {
    return OffloadChannels.number(channel);
  }

  /** Whether a channel's position is used under its lock only, and by no stream. */
  boolean hasItsOffset(FileChannel channel) {
    Object user = OffloadChannels.parent(channel);
    return user == null || user instanceof FileChannel;
  }

  /** The monitor under which the JDK's code reads and moves the position of a channel. */
  Object positionLock(FileChannel channel) {
    return OffloadChannels.positionLock(channel);
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
    return OffloadChannels.enter(channel);
  }

  /** Marks the current thread as outside a channel again. */
  void leave(FileChannel channel, int index) {
    OffloadChannels.leave(channel, index);
  }
}
