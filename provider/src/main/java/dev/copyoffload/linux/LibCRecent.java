package dev.copyoffload.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import org.jspecify.annotations.Nullable;

/** The functions that a C library may lack, each in a holder of its own: glibc 2.27 and 2.28. */
final class LibCRecent {
  private LibCRecent() {}

  /** Before glibc 2.27 and in old musl there is no copy_file_range. */
  static final class CopyFileRange {
    static {
      Native.register(CopyFileRange.class, NativeLibrary.getProcess());
    }

    private CopyFileRange() {}

    static native long copy_file_range(
        int in, long inOffset, int out, long outOffset, long length, int flags);
  }

  /** Before glibc 2.28 there is no statx. */
  static final class Statx {
    static {
      Native.register(Statx.class, NativeLibrary.getProcess());
    }

    private Statx() {}

    static native int statx(int directory, long path, int flags, int mask, long buffer);
  }

  /** Before glibc 2.28 and in old musl there is no renameat2. */
  static final class Rename {
    static {
      Native.register(Rename.class, NativeLibrary.getProcess());
    }

    private Rename() {}

    static native int renameat2(
        int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags);
  }

  /** The reason why a holder cannot be used, or null if it can. */
  static @Nullable LinkageError missing(Runnable call) {
    try {
      call.run();
      return null;
    } catch (LinkageError e) {
      return e;
    }
  }
}
