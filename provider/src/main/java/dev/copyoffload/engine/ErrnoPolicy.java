package dev.copyoffload.engine;

import dev.copyoffload.linux.Errno;
import org.jspecify.annotations.Nullable;

/**
 * What an errno means for the chain: the one place where that is decided, for all methods.
 *
 * <p>EINTR does not come here: whoever makes a call repeats it, unless the copy was cancelled.
 */
final class ErrnoPolicy {
  private ErrnoPolicy() {}

  /**
   * Whether an error of a method ends the chain: no other can do better, or should try. Null is an
   * errno that nothing here decides on.
   *
   * <p>Whatever is final nowhere below leads to the next method, and read/write, the last, reports
   * it if it is real. Seen where a method does not work here: ENOSYS (kernels before 4.5, FUSE
   * drivers file by file), EOPNOTSUPP (NFS on EL7, golang/go#40731; ZFS, openzfs/zfs#15930), ENOTTY
   * (file systems that pass the ioctl on), EXDEV (two file systems; before 5.18 also two mounts of
   * one), EINVAL (misaligned, overlapping, swap files, btrfs NODATASUM, O_APPEND), EBADF (O_APPEND,
   * 6.18), EACCES (CephFS, libuv#3123), ETXTBSY (an active swap file), EFBIG (spurious on 6.17,
   * coreutils), EOVERFLOW (ranges that wrap, rust-lang/rust#78979), EAGAIN (ZFS with dirty blocks,
   * openzfs/zfs#15172), EMFILE and ENFILE (no descriptor left for a pipe).
   *
   * <p>Nothing is final that a clone meets: xfs answers ENOSPC where one group of its disk is short
   * of blocks for a map, and any file system an error (ENOSPC, EIO) of an earlier write of the
   * source, which read and write do not meet.
   */
  static boolean isFinal(CopyMethod method, @Nullable Errno errno, boolean progressed) {
    // What nothing switches off has the last word.
    return method.capability() == null
        || (!method.shares() && (isTerminal(errno) || (progressed && isRealAfterProgress(errno))));
  }

  /** Whether a clone may have shared a part before it met an errno. */
  static boolean mayHaveBegun(int errno) {
    return Errno.ENOSPC.number() == errno
        || Errno.EDQUOT.number() == errno
        || Errno.ENOMEM.number() == errno
        || Errno.EIO.number() == errno;
  }

  private static boolean isTerminal(@Nullable Errno errno) {
    // A full disk is terminal for coreutils as well: another method would fill it a second time.
    return errno == Errno.ENOSPC
        || errno == Errno.EDQUOT
        || errno == Errno.ENOMEM
        // Not a matter of the method.
        || errno == Errno.EISDIR
        || errno == Errno.EROFS
        || errno == Errno.EFAULT;
  }

  /** Whether an errno that means "not this way" at first is real once bytes have been moved. */
  private static boolean isRealAfterProgress(@Nullable Errno errno) {
    // seccomp in containers (golang/go#40893, rust-lang/rust#51266), CIFS (libuv#3354).
    return errno == Errno.EPERM
        // CIFS (coreutils).
        || errno == Errno.ENOENT
        // CIFS answers it for "not supported" (golang/go#42334).
        || errno == Errno.EIO;
  }

  /** Whether a call beside the chain may have been refused by a filter, as containers have one. */
  static boolean isRefusal(long result) {
    return Errno.EPERM.is(result) || Errno.EACCES.is(result) || Errno.ENOSYS.is(result);
  }
}
