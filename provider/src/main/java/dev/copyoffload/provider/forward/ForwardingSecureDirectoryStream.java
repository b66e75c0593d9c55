package dev.copyoffload.provider.forward;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Iterator;
import java.util.Set;

/** A secure directory stream whose entries are wrapped and whose arguments are unwrapped. */
final class ForwardingSecureDirectoryStream implements SecureDirectoryStream<Path> {
  private final PathWrapping paths;
  private final SecureDirectoryStream<Path> delegate;

  ForwardingSecureDirectoryStream(PathWrapping paths, SecureDirectoryStream<Path> delegate) {
    this.paths = paths;
    this.delegate = delegate;
  }

  @Override
  public Iterator<Path> iterator() {
    return new ForwardingIterator(paths, delegate.iterator());
  }

  @Override
  public SecureDirectoryStream<Path> newDirectoryStream(Path path, LinkOption... options)
      throws IOException {
    return new ForwardingSecureDirectoryStream(
        paths, delegate.newDirectoryStream(paths.unwrap(path), options));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) throws IOException {
    return delegate.newByteChannel(paths.unwrap(path), options, attrs);
  }

  @Override
  public void deleteFile(Path path) throws IOException {
    delegate.deleteFile(paths.unwrap(path));
  }

  @Override
  public void deleteDirectory(Path path) throws IOException {
    delegate.deleteDirectory(paths.unwrap(path));
  }

  @Override
  public void move(Path source, SecureDirectoryStream<Path> targetDirectory, Path target)
      throws IOException {
    SecureDirectoryStream<Path> rawDirectory =
        targetDirectory instanceof ForwardingSecureDirectoryStream stream
            ? stream.delegate
            : targetDirectory;
    delegate.move(paths.unwrap(source), rawDirectory, paths.unwrap(target));
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(Class<V> type) {
    return delegate.getFileAttributeView(type);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return delegate.getFileAttributeView(paths.unwrap(path), type, options);
  }

  @Override
  public void close() throws IOException {
    delegate.close();
  }
}
