package dev.copyoffload.linux;

import java.nio.ByteBuffer;

/**
 * The system calls in use, one method each.
 *
 * <p>Every method returns what the call returns, or the negated errno (never -1 alone). Paths are
 * NUL-terminated bytes, offsets and lengths are bytes. Nothing is retried and nothing is decided
 * here. Safe for use by many threads.
 */
public interface SystemCalls {
  /** open(2). */
  int open(byte[] path, int flags, int mode);

  /** close(2); the descriptor is gone whatever the result. */
  int close(int descriptor);

  /** unlink(2). */
  int unlink(byte[] path);

  /** rename(2). */
  int rename(byte[] from, byte[] to);

  /** renameat2(2) with RENAME_NOREPLACE; ENOSYS before Linux 3.15. */
  int renameNoReplace(byte[] from, byte[] to);

  /** linkat(2), which follows {@code from} if that is a symbolic link. */
  int link(byte[] from, byte[] to);

  /** statx(2) of a path, with the basic fields; {@code struct} as {@link FileStatus} has it. */
  int statx(byte[] path, boolean followLinks, long[] struct);

  /** statx(2) of what has a name in a directory, a link itself; {@code struct} as above. */
  int statx(int directory, byte[] name, long[] struct);

  /** access(2), whether this process may read. */
  int accessToRead(byte[] path);

  /** mkdir(2). */
  int mkdir(byte[] path, int mode);

  /** rmdir(2). */
  int rmdir(byte[] path);

  /** statx(2) of a descriptor, with the basic fields; {@code struct} as above. */
  int statx(int descriptor, long[] struct);

  /** fstatfs(2); {@code struct} as {@link FileSystemStatus} has it. */
  int fstatfs(int descriptor, long[] struct);

  /** cachestat(2) of a whole file: how many of its pages are not on the disk yet. */
  long unwrittenPages(int descriptor);

  /** ioctl(2) FICLONE: shares the whole of {@code source} with {@code target}. */
  int ficlone(int target, int source);

  /** ioctl(2) FICLONERANGE; a length of 0 means "to the end of the source" to the kernel. */
  int ficlonerange(int target, int source, long sourceOffset, long length, long targetOffset);

  /** ioctl(2) FIDEDUPERANGE; {@code range} is a {@link DedupeRange}'s struct. */
  int fideduperange(int source, byte[] range);

  /** copy_file_range(2) with explicit offsets, which leaves both file offsets alone. */
  long copyFileRange(int source, long sourceOffset, int target, long targetOffset, long length);

  /** splice(2) from a file at an explicit offset into a pipe. */
  long spliceIn(int source, long sourceOffset, int pipe, long length, int flags);

  /** splice(2) from a pipe into a file at an explicit offset. */
  long spliceOut(int pipe, int target, long targetOffset, long length, int flags);

  /** sendfile(2) from an explicit offset to the file offset of {@code target}. */
  long sendfile(int target, int source, long sourceOffset, long length);

  /** pread(2) into the start of a direct buffer. */
  long pread(int descriptor, ByteBuffer buffer, long length, long offset);

  /** pwrite(2) from the start of a direct buffer. */
  long pwrite(int descriptor, ByteBuffer buffer, long length, long offset);

  /** pwrite(2) of one byte that is zero. */
  long pwriteZero(int descriptor, long offset);

  /** pipe2(2) with O_CLOEXEC. */
  int pipe(int[] ends);

  /** fcntl(2) with an integer argument. */
  int fcntl(int descriptor, int command, int argument);

  /** lseek(2); moves the offset that every user of the open file description shares. */
  long lseek(int descriptor, long offset, int whence);

  /** ftruncate(2). */
  int ftruncate(int descriptor, long length);

  /** fallocate(2). */
  int fallocate(int descriptor, int mode, long offset, long length);

  /** fchown(2). */
  int fchown(int descriptor, int user, int group);

  /** fchmod(2). */
  int fchmod(int descriptor, int mode);

  /** futimens(3): seconds and nanoseconds of access, then of modification. */
  int futimens(int descriptor, long[] times);

  /** flistxattr(2). */
  long flistxattr(int descriptor, byte[] names);

  /** fgetxattr(2); an empty array asks for the size. */
  long fgetxattr(int descriptor, byte[] name, byte[] value);

  /** fsetxattr(2), creating or replacing. */
  int fsetxattr(int descriptor, byte[] name, byte[] value, long size);

  /** strerror(3) of a positive errno. */
  String strerror(int errno);
}
