package dev.copyoffload.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;

/** A stream of the JDK's own that reads a file, whose transfer is offered to the kernel. */
final class OffloadInputStream extends InputStream {
  private final InputStream delegate;

  OffloadInputStream(InputStream delegate) {
    this.delegate = delegate;
  }

  InputStream delegate() {
    return delegate;
  }

  @Override
  public long transferTo(OutputStream out) throws IOException {
    Objects.requireNonNull(out, "out");
    long transferred = StreamTransfer.all(delegate, out);
    return transferred == 0 ? delegate.transferTo(out) : transferred;
  }

  @Override
  public int read() throws IOException {
    return delegate.read();
  }

  @Override
  public int read(byte[] target) throws IOException {
    return delegate.read(target);
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    return delegate.read(target, offset, length);
  }

  @Override
  public byte[] readAllBytes() throws IOException {
    return delegate.readAllBytes();
  }

  @Override
  public byte[] readNBytes(int length) throws IOException {
    return delegate.readNBytes(length);
  }

  @Override
  public int readNBytes(byte[] target, int offset, int length) throws IOException {
    return delegate.readNBytes(target, offset, length);
  }

  @Override
  public long skip(long count) throws IOException {
    return delegate.skip(count);
  }

  @Override
  public void skipNBytes(long count) throws IOException {
    delegate.skipNBytes(count);
  }

  @Override
  public int available() throws IOException {
    return delegate.available();
  }

  @Override
  public void mark(int limit) {
    delegate.mark(limit);
  }

  @Override
  public void reset() throws IOException {
    delegate.reset();
  }

  @Override
  public boolean markSupported() {
    return delegate.markSupported();
  }

  @Override
  public void close() throws IOException {
    delegate.close();
  }
}
