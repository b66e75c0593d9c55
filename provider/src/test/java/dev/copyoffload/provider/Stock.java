package dev.copyoffload.provider;

import dev.copyoffload.OffloadFileSystemProvider;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** The JDK's file system beside ours, which wraps it. */
final class Stock {
  static final FileSystem RAW = FileSystems.getDefault();
  static final OffloadFileSystemProvider PROVIDER = new OffloadFileSystemProvider(RAW.provider());
  static final FileSystem WRAPPED = PROVIDER.getFileSystem(URI.create("file:///"));

  private Stock() {}

  /** Returns the wrapped path for one of the JDK's. */
  static Path wrap(Path raw) {
    return PROVIDER.getPath(raw.toUri());
  }
}
