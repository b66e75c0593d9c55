package dev.copyoffload.provider;

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
import org.jspecify.annotations.Nullable;

/**
 * A provider that hands copies and moves to the kernel and wraps the JDK's own, unless that can be
 * extended or is to be left alone.
 */
public abstract class WrappingProvider extends ForwardingFileSystemProvider {
  private static volatile @Nullable WrappingProvider installed;

  private final UriScheme scheme;
  private final FileSystemProvider copier;
  private final @Nullable OffloadFileSystem fileSystem;
  private final @Nullable String obstacle;

  @SuppressWarnings("this-escape") // the file system only keeps its provider, and calls nothing
  private WrappingProvider(Installation installation, UriScheme scheme) {
    super(installation.provider());
    this.scheme = scheme;
    this.copier = installation.copier();
    this.obstacle = installation.obstacle();
    this.fileSystem =
        installation.wraps()
            ? new OffloadFileSystem(this, delegate.getFileSystem(Installation.ROOT), scheme)
            : null;
  }

  /**
   * Creates a provider beside the default one.
   *
   * @param provider the provider of the {@code file} scheme; if it is one of ours that wraps, what
   *     it wraps is wrapped instead
   */
  WrappingProvider(FileSystemProvider provider, UriScheme scheme) {
    this(Installation.beside(unwrapped(provider)), scheme);
  }

  /**
   * Creates a provider that takes the place of the default one.
   *
   * @param builtIn the provider of the {@code file} scheme; if it is one of ours that wraps, what
   *     it wraps is wrapped instead
   */
  protected WrappingProvider(FileSystemProvider builtIn) {
    this(Installation.inPlaceOf(unwrapped(builtIn)), UriScheme.FILE);
    installed = this;
  }

  /** The provider that took the place of the default one last, or null if none did. */
  public static @Nullable WrappingProvider installed() {
    return installed;
  }

  private static FileSystemProvider unwrapped(FileSystemProvider provider) {
    return provider instanceof WrappingProvider wrapping ? wrapping.delegate : provider;
  }

  /** What programs see: paths of ours, none of us, or the JDK's paths though we copy them. */
  public final String mode() {
    return fileSystem != null ? "wrapping" : copier == delegate ? "off" : "transparent";
  }

  /** Why this provider wraps or is off, though nobody said so; or null. */
  public final @Nullable String obstacle() {
    return obstacle;
  }

  @Override
  protected final PathWrapping paths() {
    return fileSystem == null ? PathWrapping.NONE : fileSystem;
  }

  @Override
  protected final FileSystem wrap(FileSystem raw) {
    return fileSystem != null && fileSystem.wraps(raw) ? fileSystem : raw;
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
    return paths().wrap(OffloadPath.unwrap(delegate.getPath(scheme.toRaw(uri))));
  }

  @Override
  public final FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) throws IOException {
    return copier.newFileChannel(OffloadPath.unwrap(path), options, attrs);
  }

  @Override
  public final SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) throws IOException {
    return copier.newByteChannel(OffloadPath.unwrap(path), options, attrs);
  }

  @Override
  public final InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    return copier.newInputStream(OffloadPath.unwrap(path), options);
  }

  @Override
  public final void copy(Path source, Path target, CopyOption... options) throws IOException {
    copier.copy(OffloadPath.unwrap(source), OffloadPath.unwrap(target), options);
  }

  @Override
  public final void move(Path source, Path target, CopyOption... options) throws IOException {
    copier.move(OffloadPath.unwrap(source), OffloadPath.unwrap(target), options);
  }
}
