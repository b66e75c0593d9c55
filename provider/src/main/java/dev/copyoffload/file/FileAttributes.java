package dev.copyoffload.file;

import dev.copyoffload.linux.Constants;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.SystemCalls;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Copies what COPY_ATTRIBUTES asks for, and is as forgiving as the JDK. As there, a call that ends
 * with EINTR, as those of FUSE and network drivers may, is made again.
 */
final class FileAttributes {
  /** What listxattr(2) and getxattr(2) can return at most: XATTR_LIST_MAX, XATTR_SIZE_MAX. */
  private static final int LARGEST = 64 << 10;

  private static final int USUAL = 512;

  private final SystemCalls calls;

  FileAttributes(SystemCalls calls) {
    this.calls = calls;
  }

  /**
   * Copies owner, group and mode, extended attributes and ACLs, and last the times.
   *
   * @param file what the target is called in exceptions
   * @throws FileSystemException if the times cannot be set; the JDK lets the rest fail
   */
  void copy(Descriptor source, FileStatus status, Descriptor target, Path file)
      throws FileSystemException {
    // In this order, and no chmod when chown fails, as the JDK: else suid could meet a wrong owner.
    int owned;
    do {
      owned = calls.fchown(target.number(), status.user(), status.group());
    } while (Errno.EINTR.is(owned));
    if (owned == 0) {
      changeMode(target, status.mode());
    }
    copyExtended(source, target);
    long[] times = {
      status.accessSeconds(), status.accessNanos(), status.modifiedSeconds(), status.modifiedNanos()
    };
    int result;
    do {
      result = calls.futimens(target.number(), times);
    } while (Errno.EINTR.is(result));
    if (result < 0) {
      throw CallFailure.of(calls, "futimens", -result, file, null);
    }
  }

  /** Changes the permission bits, if it may be. */
  void changeMode(Descriptor file, int mode) {
    int changed;
    do {
      changed = calls.fchmod(file.number(), mode & Constants.PERMISSION_BITS);
    } while (Errno.EINTR.is(changed));
  }

  private void copyExtended(Descriptor source, Descriptor target) {
    byte[] names = new byte[USUAL];
    long length = calls.flistxattr(source.number(), names);
    if (Errno.ERANGE.is(length)) {
      names = new byte[LARGEST];
      length = calls.flistxattr(source.number(), names);
    }
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (names[i] == 0) {
        copyOne(source, target, Arrays.copyOfRange(names, start, i + 1));
        start = i + 1;
      }
    }
  }

  private void copyOne(Descriptor source, Descriptor target, byte[] name) {
    byte[] value = new byte[USUAL];
    long size = calls.fgetxattr(source.number(), name, value);
    if (Errno.ERANGE.is(size)) {
      value = new byte[LARGEST];
      size = calls.fgetxattr(source.number(), name, value);
    }
    if (size >= 0) {
      calls.fsetxattr(target.number(), name, value, size);
    }
  }
}
