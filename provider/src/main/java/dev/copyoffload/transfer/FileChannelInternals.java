package dev.copyoffload.transfer;

import dev.copyoffload.linux.Completion;
import dev.copyoffload.linux.JavaBase;
import java.nio.channels.FileChannel;
import sun.nio.ch.OffloadChannels;

/** Whether the JDK's file channels are as {@link OffloadChannels} knows them, and what differs. */
public final class FileChannelInternals {
  /** Initialised once java.base can be entered. */
  private static final class Found {
    static final boolean ARE_KNOWN = find();

    private static boolean find() {
      try {
        if (!Completion.isWithAgent()) {
          JavaBase.define("sun.nio.ch.TransferHook", TransferHookBytes.get());
          JavaBase.define("sun.nio.ch.OffloadChannels", OffloadChannelsBytes.get());
        }
        OffloadChannels.require();
        return true;
      } catch (RuntimeException | LinkageError | InternalError | StackOverflowError e) {
        // Another JDK, one without such a field perhaps: its channels do as they did.
        return false;
      }
    }
  }

  /** Initialised with the first transfer: to list methods takes a while. */
  private static final class Interrupt {
    static final boolean CLOSES_BOTH = closesBoth();

    private static boolean closesBoth() {
      try {
        for (var method : Class.forName("sun.nio.ch.FileChannelImpl").getDeclaredMethods()) {
          if (method.getName().equals("transferFailed")) {
            return true;
          }
        }
        return false;
      } catch (ClassNotFoundException e) {
        throw new LinkageError("sun.nio.ch.FileChannelImpl", e);
      }
    }
  }

  private FileChannelInternals() {}

  /** Whether they are; not where the JDK has others, or while it does not show them. */
  public static boolean areKnown() {
    return JavaBase.isEntered() && Found.ARE_KNOWN;
  }

  /**
   * Whether a thread interrupted in a transfer finds both channels closed, as the contract of
   * FileChannel says, or only the one that was asked.
   */
  static boolean interruptClosesBoth() {
    return Interrupt.CLOSES_BOTH;
  }

  /** Whether a channel's position is used under its lock only, and by no stream. */
  static boolean hasItsOffset(FileChannel channel) {
    Object user = OffloadChannels.parent(channel);
    return user == null || user instanceof FileChannel;
  }
}
