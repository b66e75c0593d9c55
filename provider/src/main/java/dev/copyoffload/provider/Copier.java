package dev.copyoffload.provider;

import dev.copyoffload.provider.forward.ForwardingFileSystemProvider;
import dev.copyoffload.provider.forward.PathWrapping;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;

/** The JDK's provider, which wraps nothing, but hands copies and moves to the kernel. */
final class Copier extends ForwardingFileSystemProvider {
  Copier(FileSystemProvider builtIn) {
    super(builtIn);
  }

  @Override
  protected PathWrapping paths() {
    return PathWrapping.NONE;
  }

  @Override
  protected FileSystem wrap(FileSystem raw) {
    return raw;
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    if (!Offload.copy(source, target, options)) {
      delegate.copy(source, target, options);
    }
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    if (!Offload.move(source, target, options)) {
      delegate.move(source, target, options);
    }
  }
}
