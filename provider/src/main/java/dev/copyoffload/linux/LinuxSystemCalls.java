package dev.copyoffload.linux;

import static dev.copyoffload.linux.Constants.AT_EMPTY_PATH;
import static dev.copyoffload.linux.Constants.AT_FDCWD;
import static dev.copyoffload.linux.Constants.AT_SYMLINK_NOFOLLOW;
import static dev.copyoffload.linux.Constants.FICLONE;
import static dev.copyoffload.linux.Constants.FICLONERANGE;
import static dev.copyoffload.linux.Constants.FS_IOC_FIEMAP;
import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.STATX_BASIC_STATS;

import com.sun.jna.Native;
import java.nio.ByteBuffer;

/** The real system calls, through JNA. */
final class LinuxSystemCalls implements SystemCalls {
  private static final byte[] EMPTY_PATH = {0};

  private final boolean hasCopyFileRange;

  /**
   * Loads the native library.
   *
   * @throws LinkageError if JNA or a function that nothing works without is missing
   */
  LinuxSystemCalls() {
    LinkageError noStatx =
        LibCRecent.missing(() -> LibCRecent.Statx.statx(-1, EMPTY_PATH, 0, 0, new byte[256]));
    if (noStatx != null) {
      throw noStatx;
    }
    hasCopyFileRange =
        LibCRecent.missing(() -> LibCRecent.CopyFileRange.copy_file_range(-1, null, -1, null, 0, 0))
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
    return result(LibC.open(path, flags, mode));
  }

  @Override
  public int close(int descriptor) {
    return result(LibC.close(descriptor));
  }

  @Override
  public int unlink(byte[] path) {
    return result(LibC.unlink(path));
  }

  @Override
  public int rename(byte[] from, byte[] to) {
    return result(LibC.rename(from, to));
  }

  @Override
  public int statx(byte[] path, boolean followLinks, byte[] buffer) {
    int flags = followLinks ? 0 : AT_SYMLINK_NOFOLLOW;
    return result(LibCRecent.Statx.statx(AT_FDCWD, path, flags, STATX_BASIC_STATS, buffer));
  }

  @Override
  public int statx(int descriptor, byte[] buffer) {
    return result(
        LibCRecent.Statx.statx(descriptor, EMPTY_PATH, AT_EMPTY_PATH, STATX_BASIC_STATS, buffer));
  }

  @Override
  public int fstatfs(int descriptor, byte[] buffer) {
    return result(LibC.fstatfs(descriptor, buffer));
  }

  @Override
  public int ficlone(int target, int source) {
    return result(LibC.ioctl(target, FICLONE, (long) source));
  }

  @Override
  public int ficlonerange(
      int target, int source, long sourceOffset, long length, long targetOffset) {
    long[] range = {source, sourceOffset, length, targetOffset};
    return result(LibC.ioctl(target, FICLONERANGE, range));
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
    return result(
        LibCRecent.CopyFileRange.copy_file_range(
            source, new long[] {sourceOffset}, target, new long[] {targetOffset}, length, 0));
  }

  @Override
  public long spliceIn(int source, long sourceOffset, int pipe, long length, int flags) {
    return result(LibC.splice(source, new long[] {sourceOffset}, pipe, null, length, flags));
  }

  @Override
  public long spliceOut(int pipe, int target, long targetOffset, long length, int flags) {
    return result(LibC.splice(pipe, null, target, new long[] {targetOffset}, length, flags));
  }

  @Override
  public long sendfile(int target, int source, long sourceOffset, long length) {
    return result(LibC.sendfile(target, source, new long[] {sourceOffset}, length));
  }

  @Override
  public long pread(int descriptor, ByteBuffer buffer, long length, long offset) {
    return result(LibC.pread(descriptor, buffer, length, offset));
  }

  @Override
  public long pwrite(int descriptor, ByteBuffer buffer, long length, long offset) {
    return result(LibC.pwrite(descriptor, buffer, length, offset));
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
    return result(LibC.futimens(descriptor, times));
  }

  @Override
  public long flistxattr(int descriptor, byte[] names) {
    return result(LibC.flistxattr(descriptor, names, names.length));
  }

  @Override
  public long fgetxattr(int descriptor, byte[] name, byte[] value) {
    return result(LibC.fgetxattr(descriptor, name, value, value.length));
  }

  @Override
  public int fsetxattr(int descriptor, byte[] name, byte[] value, long size) {
    return result(LibC.fsetxattr(descriptor, name, value, size, 0));
  }

  @Override
  public String strerror(int errno) {
    return LibC.strerror(errno);
  }
}
