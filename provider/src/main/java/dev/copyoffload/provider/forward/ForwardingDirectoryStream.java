package dev.copyoffload.provider.forward;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.Iterator;

/** A directory stream whose entries are wrapped. */
final class ForwardingDirectoryStream implements DirectoryStream<Path> {
  private final PathWrapping paths;
  private final DirectoryStream<Path> delegate;

  private ForwardingDirectoryStream(PathWrapping paths, DirectoryStream<Path> delegate) {
    this.paths = paths;
    this.delegate = delegate;
  }

  /** Wraps a stream, as a secure one if it is secure. */
  static DirectoryStream<Path> of(PathWrapping paths, DirectoryStream<Path> delegate) {
    if (delegate instanceof SecureDirectoryStream<Path> secure) {
      return new ForwardingSecureDirectoryStream(paths, secure);
    }
    return new ForwardingDirectoryStream(paths, delegate);
  }

  @Override
  public Iterator<Path> iterator() {
    return new ForwardingIterator(paths, delegate.iterator());
  }

  @Override
  public void close() throws IOException {
    delegate.close();
  }
}
