package dev.copyoffload.agent;

import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.O_CREAT;
import static dev.copyoffload.linux.Constants.O_EXCL;
import static dev.copyoffload.linux.Constants.O_RDWR;

import dev.copyoffload.file.RawPath;
import dev.copyoffload.linux.Descriptor;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.SystemCalls;
import dev.copyoffload.provider.AnyProviderCopy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;

/**
 * An open file that has no name any more: it is gone when it is closed, and when the process is
 * killed.
 */
final class ProbeFile implements AutoCloseable {
  private static final int OWNER_ONLY = 0600;

  private final SystemCalls calls;
  private final Path directory;
  private final Descriptor descriptor;

  private ProbeFile(SystemCalls calls, Path directory, Descriptor descriptor) {
    this.calls = calls;
    this.directory = directory;
    this.descriptor = descriptor;
  }

  /** Creates an empty file in a directory. */
  static ProbeFile in(Path directory, SystemCalls calls) throws BadDirectoryException {
    String name = ".copyoffload-doctor-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
    byte[] path = RawPath.of(AnyProviderCopy.unwrapped(directory.resolve(name)));
    if (path == null) {
      throw new BadDirectoryException(directory + " is not of the default file system");
    }
    int number = calls.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, OWNER_ONLY);
    if (number < 0) {
      throw failure(calls, directory, "open", number);
    }
    int unlinked = calls.unlink(path);
    ProbeFile file = new ProbeFile(calls, directory, new Descriptor(calls, number));
    if (unlinked < 0) {
      file.close();
      throw failure(calls, directory, "unlink", unlinked);
    }
    return file;
  }

  /** Fills the start of the file with bytes that no file system can compress away. */
  ProbeFile fill(int size) throws BadDirectoryException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
    int done = 0;
    while (done < size) {
      buffer.clear().put(bytes, done, size - done);
      long written = calls.pwrite(number(), buffer, size - done, done);
      if (written <= 0) {
        throw failure(calls, directory, "pwrite", written);
      }
      done += (int) written;
    }
    return this;
  }

  int number() {
    return descriptor.number();
  }

  Descriptor descriptor() {
    return descriptor;
  }

  FileStatus status() throws BadDirectoryException {
    long[] buffer = new long[FileStatus.LONGS];
    int result = calls.statx(number(), buffer);
    if (result < 0) {
      throw failure(calls, directory, "statx", result);
    }
    return FileStatus.of(buffer);
  }

  @Override
  public void close() {
    descriptor.close();
  }

  private static BadDirectoryException failure(
      SystemCalls calls, Path directory, String call, long result) {
    int errno = (int) -result;
    return new BadDirectoryException(
        directory
            + " cannot be used: "
            + call
            + " failed with "
            + Errno.nameOf(errno)
            + ", "
            + calls.strerror(errno));
  }
}
