package dev.copyoffload.provider;

import dev.copyoffload.provider.forward.ForwardingFileSystem;
import dev.copyoffload.provider.forward.PathWrapping;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;

/** The JDK's file system as one of our providers shows it. */
final class OffloadFileSystem extends ForwardingFileSystem implements PathWrapping {
  private final WrappingProvider provider;
  private final UriScheme scheme;

  OffloadFileSystem(WrappingProvider provider, FileSystem delegate, UriScheme scheme) {
    super(delegate);
    this.provider = provider;
    this.scheme = scheme;
  }

  UriScheme scheme() {
    return scheme;
  }

  boolean wraps(FileSystem raw) {
    return raw == delegate;
  }

  @Override
  protected PathWrapping paths() {
    return this;
  }

  @Override
  public Path wrap(Path raw) {
    return new OffloadPath(this, raw);
  }

  @Override
  public Path unwrap(Path path) {
    return OffloadPath.unwrap(path);
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }
}
