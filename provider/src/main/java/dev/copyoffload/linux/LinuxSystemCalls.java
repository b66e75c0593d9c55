package dev.copyoffload.linux;

import static dev.copyoffload.linux.Constants.AT_EMPTY_PATH;
import static dev.copyoffload.linux.Constants.AT_FDCWD;
import static dev.copyoffload.linux.Constants.AT_SYMLINK_NOFOLLOW;
import static dev.copyoffload.linux.Constants.FICLONE;
import static dev.copyoffload.linux.Constants.FICLONERANGE;
import static dev.copyoffload.linux.Constants.FS_IOC_FIEMAP;
import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.STATX_BASIC_STATS;
import static dev.copyoffload.linux.Constants.STATX_BTIME;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** The real system calls, through JNA. */
final class LinuxSystemCalls implements SystemCalls {
  private static final byte[] EMPTY_PATH = {0};

  /** The kernel's own limit is half of what a {@link Scratch} holds. */
  private static final int TOO_LONG = -Errno.ENAMETOOLONG.number();

  /** Behind a struct statx. */
  private static final int PATH_AT = FileStatus.STRUCT_SIZE;

  private final boolean hasCopyFileRange;

  /**
   * Loads the native library.
   *
   * @throws LinkageError if JNA or a function that nothing works without is missing
   */
  LinuxSystemCalls() {
    LinkageError noStatx = LibCRecent.missing(() -> LibCRecent.Statx.statx(-1, 0, 0, 0, 0));
    if (noStatx != null) {
      throw noStatx;
    }
    hasCopyFileRange =
        LibCRecent.missing(() -> LibCRecent.CopyFileRange.copy_file_range(-1, 0, -1, 0, 0, 0))
            == null;
    LibC.close(-1);
  }

  private static int result(int returned) {
    return returned == -1 ? -Native.getLastError() : returned;
  }

  private static long result(long returned) {
    return returned == -1 ? -Native.getLastError() : returned;
  }

  @Override
  public int open(byte[] path, int flags, int mode) {
    if (!Scratch.holds(path.length)) {
      return TOO_LONG;
    }
    Scratch scratch = Scratch.take();
    try {
      return result(LibC.open(scratch.put(0, path), flags, mode));
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  public int close(int descriptor) {
    return result(LibC.close(descriptor));
  }

  @Override
  public int unlink(byte[] path) {
    if (!Scratch.holds(path.length)) {
      return TOO_LONG;
    }
    Scratch scratch = Scratch.take();
    try {
      return result(LibC.unlink(scratch.put(0, path)));
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  public int rename(byte[] from, byte[] to) {
    return result(LibC.rename(from, to));
  }

  @Override
  public int renameNoReplace(byte[] from, byte[] to) {
    try {
      return result(
          LibCRecent.Rename.renameat2(AT_FDCWD, from, AT_FDCWD, to, Constants.RENAME_NOREPLACE));
    } catch (LinkageError e) {
      return -Errno.ENOSYS.number();
    }
  }

  @Override
  public int link(byte[] from, byte[] to) {
    return result(LibC.linkat(AT_FDCWD, from, AT_FDCWD, to, Constants.AT_SYMLINK_FOLLOW));
  }

  @Override
  public int statx(byte[] path, boolean followLinks, byte[] buffer) {
    return statx(AT_FDCWD, path, followLinks ? 0 : AT_SYMLINK_NOFOLLOW, buffer);
  }

  @Override
  public int statx(int descriptor, byte[] buffer) {
    return statx(descriptor, EMPTY_PATH, AT_EMPTY_PATH, buffer);
  }

  private static int statx(int directory, byte[] path, int flags, byte[] buffer) {
    if (!Scratch.holds(path.length + (long) PATH_AT)) {
      return TOO_LONG;
    }
    Scratch scratch = Scratch.take();
    try {
      int returned =
          LibCRecent.Statx.statx(
              directory,
              scratch.put(PATH_AT, path),
              flags,
              STATX_BASIC_STATS | STATX_BTIME,
              scratch.addressOf(0));
      int result = result(returned);
      scratch.get(0, buffer);
      return result;
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  public int fstatfs(int descriptor, byte[] buffer) {
    Scratch scratch = Scratch.take();
    try {
      int result = result(LibC.fstatfs(descriptor, scratch.addressOf(0)));
      scratch.get(0, buffer);
      return result;
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  public int ficlone(int target, int source) {
    return result(LibC.ioctl(target, FICLONE, (long) source));
  }

  @Override
  public int ficlonerange(
      int target, int source, long sourceOffset, long length, long targetOffset) {
    Scratch scratch = Scratch.take();
    try {
      scratch.put(0, source);
      scratch.put(8, sourceOffset);
      scratch.put(16, length);
      scratch.put(24, targetOffset);
      return result(LibC.ioctl(target, FICLONERANGE, scratch.addressOf(0)));
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  public int fideduperange(int source, byte[] range) {
    return result(LibC.ioctl(source, Constants.FIDEDUPERANGE, range));
  }

  @Override
  public int fiemap(int descriptor, byte[] map) {
    return result(LibC.ioctl(descriptor, FS_IOC_FIEMAP, map));
  }

  @Override
  public long copyFileRange(
      int source, long sourceOffset, int target, long targetOffset, long length) {
    if (!hasCopyFileRange) {
      return -Errno.ENOSYS.number();
    }
    Scratch scratch = Scratch.take();
    try {
      return result(
          LibCRecent.CopyFileRange.copy_file_range(
              source,
              scratch.put(0, sourceOffset),
              target,
              scratch.put(8, targetOffset),
              length,
              0));
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  public long spliceIn(int source, long sourceOffset, int pipe, long length, int flags) {
    Scratch scratch = Scratch.take();
    try {
      return result(LibC.splice(source, scratch.put(0, sourceOffset), pipe, 0, length, flags));
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  public long spliceOut(int pipe, int target, long targetOffset, long length, int flags) {
    Scratch scratch = Scratch.take();
    try {
      return result(LibC.splice(pipe, 0, target, scratch.put(0, targetOffset), length, flags));
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  public long sendfile(int target, int source, long sourceOffset, long length) {
    Scratch scratch = Scratch.take();
    try {
      return result(LibC.sendfile(target, source, scratch.put(0, sourceOffset), length));
    } finally {
      scratch.giveBack();
    }
  }

  /** Handed a buffer, JNA calls back into Java for its position. */
  private static long address(ByteBuffer buffer) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
  }

  @Override
  public long pread(int descriptor, ByteBuffer buffer, long length, long offset) {
    try {
      return result(LibC.pread(descriptor, address(buffer), length, offset));
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  @Override
  public long pwrite(int descriptor, ByteBuffer buffer, long length, long offset) {
    try {
      return result(LibC.pwrite(descriptor, address(buffer), length, offset));
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  @Override
  public long pwriteZero(int descriptor, long offset) {
    Scratch scratch = Scratch.take();
    try {
      return result(LibC.pwrite(descriptor, scratch.put(0, 0L), 1, offset));
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  public int pipe(int[] ends) {
    return result(LibC.pipe2(ends, O_CLOEXEC));
  }

  @Override
  public int fcntl(int descriptor, int command, int argument) {
    return result(LibC.fcntl(descriptor, command, argument));
  }

  @Override
  public long lseek(int descriptor, long offset, int whence) {
    return result(LibC.lseek(descriptor, offset, whence));
  }

  @Override
  public int ftruncate(int descriptor, long length) {
    return result(LibC.ftruncate(descriptor, length));
  }

  @Override
  public int fallocate(int descriptor, int mode, long offset, long length) {
    return result(LibC.fallocate(descriptor, mode, offset, length));
  }

  @Override
  public int fchown(int descriptor, int user, int group) {
    return result(LibC.fchown(descriptor, user, group));
  }

  @Override
  public int fchmod(int descriptor, int mode) {
    return result(LibC.fchmod(descriptor, mode));
  }

  @Override
  public int futimens(int descriptor, long[] times) {
    Scratch scratch = Scratch.take();
    try {
      for (int i = 1; i < times.length; i++) {
        scratch.put(Long.BYTES * i, times[i]);
      }
      return result(LibC.futimens(descriptor, scratch.put(0, times[0])));
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  public long flistxattr(int descriptor, byte[] names) {
    if (!Scratch.holds(names.length)) {
      return result(LibC.flistxattr(descriptor, names, names.length));
    }
    Scratch scratch = Scratch.take();
    try {
      long returned = LibC.flistxattr(descriptor, scratch.addressOf(0), names.length);
      return fetched(returned, scratch, 0, names);
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  public long fgetxattr(int descriptor, byte[] name, byte[] value) {
    if (!Scratch.holds(name.length + (long) value.length)) {
      return result(LibC.fgetxattr(descriptor, name, value, value.length));
    }
    Scratch scratch = Scratch.take();
    try {
      int valueAt = name.length;
      long returned =
          LibC.fgetxattr(
              descriptor, scratch.put(0, name), scratch.addressOf(valueAt), value.length);
      return fetched(returned, scratch, valueAt, value);
    } finally {
      scratch.giveBack();
    }
  }

  private static long fetched(long returned, Scratch scratch, int position, byte[] into) {
    long result = result(returned);
    // Asked for the size alone, the kernel returns more than there is room for.
    if (result > 0 && result <= into.length) {
      scratch.get(position, into, (int) result);
    }
    return result;
  }

  @Override
  public int fsetxattr(int descriptor, byte[] name, byte[] value, long size) {
    if (!Scratch.holds(name.length + size)) {
      return result(LibC.fsetxattr(descriptor, name, value, size, 0));
    }
    Scratch scratch = Scratch.take();
    try {
      long valueAddress = scratch.put(name.length, value, (int) size);
      return result(LibC.fsetxattr(descriptor, scratch.put(0, name), valueAddress, size, 0));
    } finally {
      scratch.giveBack();
    }
  }

  @Override
  public String strerror(int errno) {
    return LibC.strerror(errno);
  }
}
