package sun.nio.ch;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The shape of JDK 17's class, with a constructor that the compiler lets a subclass call. Only
 * compiled against: at run time the JDK's own is there, and its nest lets the subclass in.
 */
public class FileChannelImpl extends FileChannel {
  FileChannelImpl(
      FileDescriptor descriptor,
      String path,
      boolean readable,
      boolean writable,
      boolean direct,
      Object parent) {}

  @Override
  public int read(ByteBuffer target) throws IOException {
    throw new AssertionError();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    throw new AssertionError();
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    throw new AssertionError();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    throw new AssertionError();
  }

  @Override
  public long position() throws IOException {
    throw new AssertionError();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    throw new AssertionError();
  }

  @Override
  public long size() throws IOException {
    throw new AssertionError();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    throw new AssertionError();
  }

  @Override
  public void force(boolean metaData) throws IOException {
    throw new AssertionError();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target)
      throws IOException {
    throw new AssertionError();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    throw new AssertionError();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    throw new AssertionError();
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    throw new AssertionError();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    throw new AssertionError();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    throw new AssertionError();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    throw new AssertionError();
  }

  @Override
  protected void implCloseChannel() throws IOException {
    throw new AssertionError();
  }
}
