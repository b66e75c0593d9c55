package dev.copyoffload.linux;

import static dev.copyoffload.linux.Constants.AT_EMPTY_PATH;
import static dev.copyoffload.linux.Constants.AT_FDCWD;
import static dev.copyoffload.linux.Constants.AT_REMOVEDIR;
import static dev.copyoffload.linux.Constants.AT_SYMLINK_FOLLOW;
import static dev.copyoffload.linux.Constants.AT_SYMLINK_NOFOLLOW;
import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.RENAME_NOREPLACE;
import static dev.copyoffload.linux.Constants.R_OK;
import static dev.copyoffload.linux.Constants.STATX_BASIC_STATS;
import static dev.copyoffload.linux.Constants.STATX_BTIME;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The real system calls, whichever way the kernel is reached. */
final class LinuxSystemCalls implements SystemCalls {
  private static final byte[] EMPTY_PATH = {0};

  /** The kernel's own limit is half of what a {@link NativeBuffer} holds. */
  private static final int TOO_LONG = -Errno.ENAMETOOLONG.number();

  /** Behind a struct statx. */
  private static final int PATH_AT = FileStatus.LONGS * Long.BYTES;

  private final Kernel kernel;
  private final NativeBuffer.Slot[] slots;

  LinuxSystemCalls(Kernel kernel) {
    this.kernel = kernel;
    this.slots = NativeBuffer.slots(kernel);
  }

  @Override
  public int open(byte[] path, int flags, int mode) {
    return onePath(SystemCall.OPENAT, path, flags, mode);
  }

  @Override
  public int close(int descriptor) {
    return (int) kernel.call(SystemCall.CLOSE, descriptor, 0, 0, 0, 0, 0);
  }

  @Override
  public int unlink(byte[] path) {
    return onePath(SystemCall.UNLINKAT, path, 0, 0);
  }

  @Override
  public int rmdir(byte[] path) {
    return onePath(SystemCall.UNLINKAT, path, AT_REMOVEDIR, 0);
  }

  @Override
  public int accessToRead(byte[] path) {
    return onePath(SystemCall.FACCESSAT, path, R_OK, 0);
  }

  @Override
  public int mkdir(byte[] path, int mode) {
    return onePath(SystemCall.MKDIRAT, path, mode, 0);
  }

  private int onePath(long number, byte[] path, int argument, int more) {
    if (!NativeBuffer.holds(path.length)) {
      return TOO_LONG;
    }
    NativeBuffer buffer = NativeBuffer.take(slots);
    try {
      return (int) kernel.call(number, AT_FDCWD, buffer.put(0, path), argument, more, 0, 0);
    } finally {
      buffer.giveBack();
    }
  }

  @Override
  public int rename(byte[] from, byte[] to) {
    // Without flags it is renameat(2), which not every architecture has.
    return twoPaths(SystemCall.RENAMEAT2, from, to, 0);
  }

  @Override
  public int renameNoReplace(byte[] from, byte[] to) {
    return twoPaths(SystemCall.RENAMEAT2, from, to, RENAME_NOREPLACE);
  }

  @Override
  public int link(byte[] from, byte[] to) {
    return twoPaths(SystemCall.LINKAT, from, to, AT_SYMLINK_FOLLOW);
  }

  private int twoPaths(long number, byte[] from, byte[] to, int flags) {
    if (!NativeBuffer.holds(from.length + (long) to.length)) {
      return TOO_LONG;
    }
    NativeBuffer buffer = NativeBuffer.take(slots);
    try {
      long fromAt = buffer.put(0, from);
      long toAt = buffer.put(from.length, to);
      return (int) kernel.call(number, AT_FDCWD, fromAt, AT_FDCWD, toAt, flags, 0);
    } finally {
      buffer.giveBack();
    }
  }

  @Override
  public int statx(byte[] path, boolean followLinks, long[] struct) {
    return statx(AT_FDCWD, path, followLinks ? 0 : AT_SYMLINK_NOFOLLOW, struct);
  }

  @Override
  public int statx(int directory, byte[] name, long[] struct) {
    return statx(directory, name, AT_SYMLINK_NOFOLLOW, struct);
  }

  @Override
  public int statx(int descriptor, long[] struct) {
    return statx(descriptor, EMPTY_PATH, AT_EMPTY_PATH, struct);
  }

  private int statx(int directory, byte[] path, int flags, long[] struct) {
    if (!NativeBuffer.holds(path.length + (long) PATH_AT)) {
      return TOO_LONG;
    }
    NativeBuffer buffer = NativeBuffer.take(slots);
    try {
      long result =
          kernel.call(
              SystemCall.STATX,
              directory,
              buffer.put(PATH_AT, path),
              flags,
              STATX_BASIC_STATS | STATX_BTIME,
              buffer.addressOf(0),
              0);
      buffer.get(0, struct);
      return (int) result;
    } finally {
      buffer.giveBack();
    }
  }

  @Override
  public int fstatfs(int descriptor, long[] struct) {
    NativeBuffer buffer = NativeBuffer.take(slots);
    try {
      long result = kernel.call(SystemCall.FSTATFS, descriptor, buffer.addressOf(0), 0, 0, 0, 0);
      buffer.get(0, struct);
      return (int) result;
    } finally {
      buffer.giveBack();
    }
  }

  @Override
  public long unwrittenPages(int descriptor) {
    long[] pages = new long[2];
    NativeBuffer buffer = NativeBuffer.take(slots);
    try {
      // Behind the range, a length of 0 being all, the pages that are cached, dirty, being written.
      buffer.put(8, 0L);
      long range = buffer.put(0, 0L);
      long result =
          kernel.call(SystemCall.CACHESTAT, descriptor, range, buffer.addressOf(16), 0, 0, 0);
      buffer.get(24, pages);
      return result < 0 ? result : pages[0] + pages[1];
    } finally {
      buffer.giveBack();
    }
  }

  @Override
  public int ficlone(int target, int source) {
    return (int) kernel.call(SystemCall.IOCTL, target, Constants.FICLONE, source, 0, 0, 0);
  }

  @Override
  public int ficlonerange(
      int target, int source, long sourceOffset, long length, long targetOffset) {
    NativeBuffer buffer = NativeBuffer.take(slots);
    try {
      buffer.put(8, sourceOffset);
      buffer.put(16, length);
      buffer.put(24, targetOffset);
      long range = buffer.put(0, (long) source);
      return (int) kernel.call(SystemCall.IOCTL, target, Constants.FICLONERANGE, range, 0, 0, 0);
    } finally {
      buffer.giveBack();
    }
  }

  @Override
  public int fideduperange(int source, byte[] range) {
    long memory = kernel.allocate(range.length);
    try {
      kernel.put(memory, range, range.length);
      long result = kernel.call(SystemCall.IOCTL, source, Constants.FIDEDUPERANGE, memory, 0, 0, 0);
      kernel.get(memory, range, range.length);
      return (int) result;
    } finally {
      kernel.free(memory);
    }
  }

  @Override
  public long copyFileRange(
      int source, long sourceOffset, int target, long targetOffset, long length) {
    NativeBuffer buffer = NativeBuffer.take(slots);
    try {
      long from = buffer.put(0, sourceOffset);
      long to = buffer.put(8, targetOffset);
      return kernel.call(SystemCall.COPY_FILE_RANGE, source, from, target, to, length, 0);
    } finally {
      buffer.giveBack();
    }
  }

  @Override
  public long spliceIn(int source, long sourceOffset, int pipe, long length, int flags) {
    NativeBuffer buffer = NativeBuffer.take(slots);
    try {
      long from = buffer.put(0, sourceOffset);
      return kernel.call(SystemCall.SPLICE, source, from, pipe, 0, length, flags);
    } finally {
      buffer.giveBack();
    }
  }

  @Override
  public long spliceOut(int pipe, int target, long targetOffset, long length, int flags) {
    NativeBuffer buffer = NativeBuffer.take(slots);
    try {
      long to = buffer.put(0, targetOffset);
      return kernel.call(SystemCall.SPLICE, pipe, 0, target, to, length, flags);
    } finally {
      buffer.giveBack();
    }
  }

  @Override
  public long sendfile(int target, int source, long sourceOffset, long length) {
    NativeBuffer buffer = NativeBuffer.take(slots);
    try {
      return kernel.call(
          SystemCall.SENDFILE, target, source, buffer.put(0, sourceOffset), length, 0, 0);
    } finally {
      buffer.giveBack();
    }
  }

  @Override
  public long pread(int descriptor, ByteBuffer buffer, long length, long offset) {
    try {
      return kernel.call(
          SystemCall.PREAD64, descriptor, kernel.addressOf(buffer), length, offset, 0, 0);
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  @Override
  public long pwrite(int descriptor, ByteBuffer buffer, long length, long offset) {
    try {
      return kernel.call(
          SystemCall.PWRITE64, descriptor, kernel.addressOf(buffer), length, offset, 0, 0);
    } finally {
      Reference.reachabilityFence(buffer);
    }
  }

  @Override
  public long pwriteZero(int descriptor, long offset) {
    NativeBuffer buffer = NativeBuffer.take(slots);
    try {
      return kernel.call(SystemCall.PWRITE64, descriptor, buffer.put(0, 0L), 1, offset, 0, 0);
    } finally {
      buffer.giveBack();
    }
  }

  @Override
  public int pipe(int[] ends) {
    long[] pair = new long[1];
    NativeBuffer buffer = NativeBuffer.take(slots);
    try {
      long result = kernel.call(SystemCall.PIPE2, buffer.addressOf(0), O_CLOEXEC, 0, 0, 0, 0);
      buffer.get(0, pair);
      ends[0] = (int) pair[0];
      ends[1] = (int) (pair[0] >>> Integer.SIZE);
      return (int) result;
    } finally {
      buffer.giveBack();
    }
  }

  @Override
  public int fcntl(int descriptor, int command, int argument) {
    return (int) kernel.call(SystemCall.FCNTL, descriptor, command, argument, 0, 0, 0);
  }

  @Override
  public long lseek(int descriptor, long offset, int whence) {
    return kernel.call(SystemCall.LSEEK, descriptor, offset, whence, 0, 0, 0);
  }

  @Override
  public int ftruncate(int descriptor, long length) {
    return (int) kernel.call(SystemCall.FTRUNCATE, descriptor, length, 0, 0, 0, 0);
  }

  @Override
  public int fallocate(int descriptor, int mode, long offset, long length) {
    return (int) kernel.call(SystemCall.FALLOCATE, descriptor, mode, offset, length, 0, 0);
  }

  @Override
  public int fchown(int descriptor, int user, int group) {
    return (int) kernel.call(SystemCall.FCHOWN, descriptor, user, group, 0, 0, 0);
  }

  @Override
  public int fchmod(int descriptor, int mode) {
    return (int) kernel.call(SystemCall.FCHMOD, descriptor, mode, 0, 0, 0, 0);
  }

  @Override
  public int futimens(int descriptor, long[] times) {
    NativeBuffer buffer = NativeBuffer.take(slots);
    try {
      for (int i = 1; i < times.length; i++) {
        buffer.put(Long.BYTES * i, times[i]);
      }
      return (int)
          kernel.call(SystemCall.UTIMENSAT, descriptor, 0, buffer.put(0, times[0]), 0, 0, 0);
    } finally {
      buffer.giveBack();
    }
  }

  @Override
  public long flistxattr(int descriptor, byte[] names) {
    return fetch(SystemCall.FLISTXATTR, descriptor, null, names);
  }

  @Override
  public long fgetxattr(int descriptor, byte[] name, byte[] value) {
    return fetch(SystemCall.FGETXATTR, descriptor, name, value);
  }

  /** Calls what fills a buffer, with a name as the second argument or without. */
  private long fetch(long number, int descriptor, byte @Nullable [] name, byte[] into) {
    int valueAt = name == null ? 0 : name.length;
    long memory = kernel.allocate(valueAt + into.length + 1);
    try {
      long value = memory + valueAt;
      long result;
      if (name == null) {
        result = kernel.call(number, descriptor, value, into.length, 0, 0, 0);
      } else {
        kernel.put(memory, name, name.length);
        result = kernel.call(number, descriptor, memory, value, into.length, 0, 0);
      }
      // Asked for the size alone, the kernel returns more than there is room for.
      if (result > 0 && result <= into.length) {
        kernel.get(value, into, (int) result);
      }
      return result;
    } finally {
      kernel.free(memory);
    }
  }

  @Override
  public int fsetxattr(int descriptor, byte[] name, byte[] value, long size) {
    long memory = kernel.allocate(name.length + (int) size + 1);
    try {
      kernel.put(memory, name, name.length);
      kernel.put(memory + name.length, value, (int) size);
      long at = memory + name.length;
      return (int) kernel.call(SystemCall.FSETXATTR, descriptor, memory, at, size, 0, 0);
    } finally {
      kernel.free(memory);
    }
  }

  @Override
  public String strerror(int errno) {
    return kernel.strerror(errno);
  }
}
