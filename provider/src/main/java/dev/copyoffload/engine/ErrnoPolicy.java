package dev.copyoffload.engine;

import dev.copyoffload.linux.Errno;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an errno means for the chain: the one place where that is decided, for all methods.
 *
 * <p>EINTR has no row: whoever makes a call repeats it, unless the copy was cancelled.
 */
enum ErrnoPolicy {
  /** This method cannot, another may. */
  NEXT_METHOD,
  /** Nothing can, or nothing should try. */
  FAIL;

  /** What to do with nothing moved yet, and after progress. */
  private record Row(ErrnoPolicy atFirst, ErrnoPolicy later) {}

  private static final Map<Errno, Row> ROWS = new EnumMap<>(Errno.class);

  private static void row(Errno errno, ErrnoPolicy atFirst, ErrnoPolicy later) {
    ROWS.put(errno, new Row(atFirst, later));
  }

  static {
    // Kernels before 4.5, and FUSE drivers that answer it per file: not remembered.
    row(Errno.ENOSYS, NEXT_METHOD, NEXT_METHOD);
    // NFS on EL7 (golang/go#40731), ZFS in containers (openzfs/zfs#15930), JDK-8375294.
    row(Errno.EOPNOTSUPP, NEXT_METHOD, NEXT_METHOD);
    // File systems that know no FICLONE pass the ioctl on.
    row(Errno.ENOTTY, NEXT_METHOD, NEXT_METHOD);
    // Two file systems; before 5.18 also two mounts of one.
    row(Errno.EXDEV, NEXT_METHOD, NEXT_METHOD);
    // Misaligned, overlapping, swap file, btrfs NODATASUM mismatch, O_APPEND.
    row(Errno.EINVAL, NEXT_METHOD, NEXT_METHOD);
    // copy_file_range to an O_APPEND target (6.18); a bad descriptor shows at read/write again.
    row(Errno.EBADF, NEXT_METHOD, NEXT_METHOD);
    // seccomp in containers (golang/go#40893, rust-lang/rust#51266), CIFS (libuv#3354).
    row(Errno.EPERM, NEXT_METHOD, FAIL);
    // CephFS (libuv#3123).
    row(Errno.EACCES, NEXT_METHOD, NEXT_METHOD);
    // CIFS (coreutils).
    row(Errno.ENOENT, NEXT_METHOD, FAIL);
    // An active swap file.
    row(Errno.ETXTBSY, NEXT_METHOD, NEXT_METHOD);
    // CIFS answers it for "not supported" (golang/go#42334); a real one shows at read/write again.
    row(Errno.EIO, NEXT_METHOD, FAIL);
    // Spurious on 6.17 (coreutils); a real limit shows at read/write again.
    row(Errno.EFBIG, NEXT_METHOD, NEXT_METHOD);
    // Ranges that wrap (rust-lang/rust#78979).
    row(Errno.EOVERFLOW, NEXT_METHOD, NEXT_METHOD);
    // ZFS with dirty blocks (openzfs/zfs#15172).
    row(Errno.EAGAIN, NEXT_METHOD, NEXT_METHOD);
    // No descriptor left for a pipe.
    row(Errno.EMFILE, NEXT_METHOD, NEXT_METHOD);
    row(Errno.ENFILE, NEXT_METHOD, NEXT_METHOD);
    // Terminal for coreutils as well: another method would fill the disk a second time.
    row(Errno.ENOSPC, FAIL, FAIL);
    row(Errno.EDQUOT, FAIL, FAIL);
    row(Errno.ENOMEM, FAIL, FAIL);
    // Not a matter of the method.
    row(Errno.EISDIR, FAIL, FAIL);
    row(Errno.EROFS, FAIL, FAIL);
    row(Errno.EFAULT, FAIL, FAIL);
  }

  /** An errno without a row: read/write is last in the chain and reports it if it is real. */
  private static final Row UNKNOWN = new Row(NEXT_METHOD, NEXT_METHOD);

  static ErrnoPolicy to(CopyMethod method, @Nullable Errno errno, boolean progressed) {
    Row row = errno == null ? UNKNOWN : ROWS.getOrDefault(errno, UNKNOWN);
    ErrnoPolicy reaction = progressed ? row.later : row.atFirst;
    if (reaction == NEXT_METHOD && method.isLast()) {
      return FAIL;
    }
    // A clone reads nothing through the page cache: its EIO is the device's (coreutils).
    if (errno == Errno.EIO && method.shares()) {
      return FAIL;
    }
    return reaction;
  }

  /** Whether a call beside the chain may have been refused by a filter, as containers have one. */
  static boolean isRefusal(long result) {
    return Errno.EPERM.is(result) || Errno.EACCES.is(result) || Errno.ENOSYS.is(result);
  }
}
