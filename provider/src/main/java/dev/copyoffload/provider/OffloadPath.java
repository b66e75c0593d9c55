package dev.copyoffload.provider;

import dev.copyoffload.provider.forward.ForwardingPath;
import dev.copyoffload.provider.forward.PathWrapping;
import java.io.File;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A path of the JDK that belongs to one of our file systems. */
final class OffloadPath extends ForwardingPath {
  private final OffloadFileSystem fileSystem;

  OffloadPath(OffloadFileSystem fileSystem, Path delegate) {
    super(delegate);
    this.fileSystem = fileSystem;
  }

  /** Returns the JDK's path of a wrapped one, whichever of our file systems it belongs to. */
  static Path unwrap(Path path) {
    return path instanceof OffloadPath wrapped ? wrapped.delegate : path;
  }

  @Override
  protected PathWrapping paths() {
    return fileSystem;
  }

  @Override
  public FileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public URI toUri() {
    return fileSystem.scheme().fromRaw(delegate.toUri());
  }

  // Not the delegate's: its file system is not the default one, so it would refuse.
  @Override
  public File toFile() {
    return new File(toString());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OffloadPath path
        && path.fileSystem == fileSystem
        && path.delegate.equals(delegate);
  }

  @Override
  public int hashCode() {
    return delegate.hashCode();
  }
}
