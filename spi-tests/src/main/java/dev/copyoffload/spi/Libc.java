package dev.copyoffload.spi;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a test needs of the C library and Java does not offer. */
interface Libc extends Library {
  Libc C = Native.load("c", Libc.class);

  int EOPNOTSUPP = 95;
  int RLIMIT_FSIZE = 1;
  int O_RDWR_CREAT_CLOEXEC = 2 | 0100 | 02000000;
  int PROT_READ_WRITE = 3;
  int MAP_SHARED = 1;
  int PUNCH_HOLE_KEEP_SIZE = 3;
  int S_IFIFO = 0010000;
  int S_IFCHR = 0020000;

  /** Returns the old mask of the process. */
  int umask(int mask);

  int geteuid();

  /** Changes the identity of the calling thread, and of no other, for file access. */
  int setfsuid(int uid);

  /** Changes the group of the calling thread, and of no other, for file access. */
  int setfsgid(int gid);

  int open(byte[] path, int flags, int mode) throws LastErrorException;

  long pwrite(int file, byte[] bytes, long length, long at) throws LastErrorException;

  int ftruncate(int file, long size) throws LastErrorException;

  Pointer mmap(Pointer address, long length, int protection, int flags, int file, long at)
      throws LastErrorException;

  int munmap(Pointer address, long length) throws LastErrorException;

  int fallocate(int file, int mode, long at, long length) throws LastErrorException;

  int close(int file) throws LastErrorException;

  int mknod(byte[] path, int mode, long device) throws LastErrorException;

  int getrlimit(int resource, Limit limit) throws LastErrorException;

  int setrlimit(int resource, Limit limit) throws LastErrorException;

  long llistxattr(byte[] path, byte[] names, long size) throws LastErrorException;

  long lgetxattr(byte[] path, byte[] name, byte[] value, long size) throws LastErrorException;

  int lsetxattr(byte[] path, byte[] name, byte[] value, long size, int flags)
      throws LastErrorException;

  /** A {@code struct rlimit}. */
  @Structure.FieldOrder({"current", "maximum"})
  final class Limit extends Structure {
    public long current;
    public long maximum;
  }

  /** Returns the names of all extended attributes, sorted; none where there are no such things. */
  static List<String> xattrs(Path file) {
    byte[] path = bytes(file);
    byte[] names = new byte[65536];
    int length;
    try {
      length = (int) C.llistxattr(path, names, names.length);
    } catch (LastErrorException e) {
      if (e.getErrorCode() == EOPNOTSUPP) {
        return List.of();
      }
      throw e;
    }
    List<String> found = new ArrayList<>();
    for (String name : new String(names, 0, length, StandardCharsets.UTF_8).split("\0", -1)) {
      if (!name.isEmpty()) {
        found.add(name);
      }
    }
    found.sort(null);
    return found;
  }

  /** Returns the value of an extended attribute. */
  static byte[] xattr(Path file, String name) {
    byte[] value = new byte[65536];
    long length = C.lgetxattr(bytes(file), terminated(name), value, value.length);
    return Arrays.copyOf(value, (int) length);
  }

  /** Sets an extended attribute and says whether the file system has such attributes at all. */
  static boolean xattr(Path file, String name, byte[] value) {
    try {
      C.lsetxattr(bytes(file), terminated(name), value, value.length, 0);
      return true;
    } catch (LastErrorException e) {
      if (e.getErrorCode() == EOPNOTSUPP) {
        return false;
      }
      throw e;
    }
  }

  /** Opens a file for reading and writing, and makes it if it is not there. */
  static int open(Path file) {
    return C.open(bytes(file), O_RDWR_CREAT_CLOEXEC, 0644);
  }

  /** Makes a pipe. */
  static void pipe(Path file) {
    C.mknod(bytes(file), S_IFIFO | 0644, 0);
  }

  /** Makes another null device: whoever reads or writes it by mistake does no harm. */
  static void nullDevice(Path file) {
    C.mknod(bytes(file), S_IFCHR | 0644, 0x103);
  }

  private static byte[] terminated(String text) {
    return (text + "\0").getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the raw bytes of a path, which its string may have lost, and a NUL. */
  private static byte[] bytes(Path file) {
    if (file.toString().indexOf('\uFFFD') < 0) {
      return terminated(file.toString());
    }
    String uri = file.toUri().getRawPath();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < uri.length(); i++) {
      if (uri.charAt(i) == '%') {
        bytes.write(Integer.parseInt(uri, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(uri.charAt(i));
      }
    }
    bytes.write(0);
    return bytes.toByteArray();
  }
}
