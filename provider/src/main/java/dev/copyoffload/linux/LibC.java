package dev.copyoffload.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The C library's functions that every supported one has, mapped directly.
 *
 * <p>Looked up in the running process, which finds glibc and musl alike. A {@code long} that is a
 * pointer in C is an address in a {@link Scratch} or of a direct buffer. Arrays, for the rarer
 * calls, are copied in and out by JNA, not pinned, so that a blocked call holds no garbage
 * collection back.
 */
final class LibC {
  static {
    Native.register(LibC.class, NativeLibrary.getProcess());
  }

  private LibC() {}

  static native int open(long path, int flags, int mode);

  static native int close(int descriptor);

  static native int unlink(long path);

  static native int mkdir(byte[] path, int mode);

  static native int rmdir(byte[] path);

  static native int rename(byte[] from, byte[] to);

  static native int linkat(int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags);

  static native int fstatfs(int descriptor, long buffer);

  static native int ioctl(int descriptor, long request, long argument);

  static native int ioctl(int descriptor, long request, byte[] argument);

  static native long splice(int in, long inOffset, int out, long outOffset, long length, int flags);

  static native long sendfile(int out, int in, long offset, long length);

  static native long pread(int descriptor, long buffer, long length, long offset);

  static native long pwrite(int descriptor, long buffer, long length, long offset);

  static native int pipe2(int[] ends, int flags);

  static native int fcntl(int descriptor, int command, int argument);

  static native long lseek(int descriptor, long offset, int whence);

  static native int ftruncate(int descriptor, long length);

  static native int fallocate(int descriptor, int mode, long offset, long length);

  static native int fchown(int descriptor, int user, int group);

  static native int fchmod(int descriptor, int mode);

  static native int futimens(int descriptor, long times);

  static native long flistxattr(int descriptor, long names, long size);

  static native long flistxattr(int descriptor, byte[] names, long size);

  static native long fgetxattr(int descriptor, long name, long value, long size);

  static native long fgetxattr(int descriptor, byte[] name, byte[] value, long size);

  static native int fsetxattr(int descriptor, long name, long value, long size, int flags);

  static native int fsetxattr(int descriptor, byte[] name, byte[] value, long size, int flags);

  static native String strerror(int errno);
}
