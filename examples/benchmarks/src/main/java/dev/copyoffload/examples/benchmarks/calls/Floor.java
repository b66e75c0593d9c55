package dev.copyoffload.examples.benchmarks.calls;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * The system calls of a copy and nothing else: no checks, no attributes, no error handling beyond
 * an end. What a copy of ours takes more is ours.
 */
public class Floor {
  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_CLOEXEC = 0x80000;
  static final int F_SETPIPE_SZ = 1031;
  static final long FICLONE = 0x40049409L;
  static final int FALLOC_FL_KEEP_SIZE = 1;
  static final int SEEK_END = 2;

  /** To share one block takes longer than to copy it. */
  private static final long BLOCK = 4096;

  /** From here on a pipe is worth its calls. */
  private static final long SPLICE_FROM = FloorTargets.BUFFER_BYTES;

  /** The C library, mapped directly. */
  static final class C {
    static {
      Native.register(C.class, NativeLibrary.getProcess());
    }

    private C() {}

    static native int open(Pointer path, int flags, int mode);

    static native int close(int descriptor);

    static native int ioctl(int descriptor, long request, long argument);

    static native long lseek(int descriptor, long offset, int whence);

    static native int fallocate(int descriptor, int mode, long offset, long length);

    static native long pread(int descriptor, Pointer buffer, long length, long offset);

    static native long pwrite(int descriptor, Pointer buffer, long length, long offset);

    static native long splice(
        int in, Pointer inOffset, int out, Pointer outOffset, long length, int flags);

    static native int pipe2(int[] ends, int flags);

    static native int fcntl(int descriptor, int command, int argument);
  }

  @Benchmark
  public long floor(FloorTargets targets) throws IOException {
    int in = check("open", C.open(targets.sourceName, O_RDONLY | O_CLOEXEC, 0));
    int out =
        check("open", C.open(targets.nextName(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    long size = check("lseek", C.lseek(in, 0, SEEK_END));
    if (size > 0 && (size <= BLOCK || C.ioctl(out, FICLONE, in) != 0)) {
      move(in, out, size, targets);
    }
    check("close", C.close(in));
    check("close", C.close(out));
    return size;
  }

  private static void move(int in, int out, long size, FloorTargets targets) throws IOException {
    if (size < SPLICE_FROM) {
      long read = check("pread", C.pread(in, targets.buffer, size, 0));
      all(size, check("pwrite", C.pwrite(out, targets.buffer, read, 0)));
      return;
    }
    if (targets.reserves) {
      check("fallocate", C.fallocate(out, FALLOC_FL_KEEP_SIZE, 0, size));
    }
    check("lseek", C.lseek(in, 0, 0));
    long moved = 0;
    while (moved < size) {
      long inPipe =
          check(
              "splice",
              C.splice(
                  in, Pointer.NULL, targets.pipe[1], Pointer.NULL, FloorTargets.PIPE_BYTES, 0));
      if (inPipe == 0) {
        break;
      }
      moved += inPipe;
      while (inPipe > 0) {
        inPipe -=
            check("splice", C.splice(targets.pipe[0], Pointer.NULL, out, Pointer.NULL, inPipe, 0));
      }
    }
    all(size, moved);
  }

  private static void all(long size, long moved) throws IOException {
    if (moved != size) {
      throw new IOException(moved + " bytes moved of " + size);
    }
  }

  private static int check(String call, int result) throws IOException {
    check(call, (long) result);
    return result;
  }

  private static long check(String call, long result) throws IOException {
    if (result < 0) {
      throw new IOException(call + ": errno " + Native.getLastError());
    }
    return result;
  }
}
