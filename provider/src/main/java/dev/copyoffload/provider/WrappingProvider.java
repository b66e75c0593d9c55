package dev.copyoffload.provider;

import dev.copyoffload.channel.ChannelOffload;
import dev.copyoffload.provider.forward.ForwardingFileSystemProvider;
import dev.copyoffload.provider.forward.PathWrapping;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;

/** A provider that wraps the JDK's own and hands copies and moves to the kernel. */
public abstract class WrappingProvider extends ForwardingFileSystemProvider {
  private static final URI ROOT = URI.create("file:///");

  private final UriScheme scheme;
  private final OffloadFileSystem fileSystem;

  @SuppressWarnings("this-escape") // the file system only keeps its provider, and calls nothing
  WrappingProvider(FileSystemProvider delegate, UriScheme scheme) {
    super(unwrapped(delegate));
    this.scheme = scheme;
    this.fileSystem = new OffloadFileSystem(this, this.delegate.getFileSystem(ROOT), scheme);
  }

  /**
   * Creates a provider that takes the place of the default one.
   *
   * @param delegate the provider of the {@code file} scheme; if it is one of ours, the one that it
   *     wraps is wrapped instead
   */
  protected WrappingProvider(FileSystemProvider delegate) {
    this(delegate, UriScheme.FILE);
  }

  private static FileSystemProvider unwrapped(FileSystemProvider provider) {
    return provider instanceof WrappingProvider wrapping ? wrapping.delegate : provider;
  }

  @Override
  protected final PathWrapping paths() {
    return fileSystem;
  }

  @Override
  protected final FileSystem wrap(FileSystem raw) {
    return fileSystem.wraps(raw) ? fileSystem : raw;
  }

  @Override
  public final String getScheme() {
    return scheme.text();
  }

  @Override
  public final FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
    return super.newFileSystem(scheme.toRaw(uri), env);
  }

  @Override
  public final FileSystem getFileSystem(URI uri) {
    return super.getFileSystem(scheme.toRaw(uri));
  }

  // The JDK takes file:/x through java.io.File to the default file system, which may be ours: what
  // comes back is not always raw, and must not be wrapped twice.
  @Override
  public final Path getPath(URI uri) {
    return fileSystem.wrap(OffloadPath.unwrap(delegate.getPath(scheme.toRaw(uri))));
  }

  @Override
  public final FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) throws IOException {
    return ChannelOffload.opened(super.newFileChannel(path, options, attrs));
  }

  @Override
  public final SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) throws IOException {
    return ChannelOffload.opened(super.newByteChannel(path, options, attrs));
  }

  @Override
  public final InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    return ChannelOffload.opened(super.newInputStream(path, options), OffloadPath.unwrap(path));
  }

  @Override
  public final void copy(Path source, Path target, CopyOption... options) throws IOException {
    Path rawSource = OffloadPath.unwrap(source);
    Path rawTarget = OffloadPath.unwrap(target);
    if (!Offload.copy(rawSource, rawTarget, options)) {
      delegate.copy(rawSource, rawTarget, options);
    }
  }

  @Override
  public final void move(Path source, Path target, CopyOption... options) throws IOException {
    Path rawSource = OffloadPath.unwrap(source);
    Path rawTarget = OffloadPath.unwrap(target);
    if (!Offload.move(rawSource, rawTarget, options)) {
      delegate.move(rawSource, rawTarget, options);
    }
  }
}
