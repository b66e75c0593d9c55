package dev.copyoffload.provider;

import dev.copyoffload.file.FileCopies;
import dev.copyoffload.transfer.ChannelOffload;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's provider, which wraps no path, but hands copies, moves and transfers to the kernel.
 *
 * <p>Also what the agent names as the default provider, in every JVM that starts: so it needs no
 * other class of ours, neither of those that forward nor of those that wrap.
 */
public final class CopyingProvider extends FileSystemProvider {
  /** What the default provider is then. */
  public static final String EXTENSION = "sun.nio.fs.OffloadLinuxFileSystemProvider";

  private final FileSystemProvider builtIn;
  private final FileSystemProvider front;

  /**
   * Creates a provider whose file system is that of an extension of the given one; where it cannot
   * be extended, it is that of a provider that wraps.
   *
   * <p>Called by the JDK while the default file system is being set up.
   *
   * @param builtIn the JDK's provider of the {@code file} scheme, whose package is open to us
   */
  public CopyingProvider(FileSystemProvider builtIn) {
    this.builtIn = builtIn;
    FileSystemProvider extension;
    try {
      extension = extension();
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // Tries again, and keeps the reason.
      extension = Installation.defaultInPlaceOf(builtIn);
    }
    this.front = extension;
  }

  private CopyingProvider(FileSystemProvider builtIn, FileSystemProvider front) {
    this.builtIn = builtIn;
    this.front = front;
  }

  /** A provider that copies files of the given one, and leaves its file system as it is. */
  static CopyingProvider of(FileSystemProvider builtIn) {
    return new CopyingProvider(builtIn, builtIn);
  }

  /** Creates an extension of the JDK's provider, in its package, which has this one copy. */
  FileSystemProvider extension() throws ReflectiveOperationException {
    return (FileSystemProvider)
        extensionOf(builtIn.getClass()).getConstructor(FileSystemProvider.class).newInstance(this);
  }

  private static Class<?> extensionOf(Class<?> extended) throws ReflectiveOperationException {
    MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(extended, MethodHandles.lookup());
    try {
      return lookup.defineClass(OffloadLinuxFileSystemProviderBytes.get());
    } catch (LinkageError e) {
      // Another class loader's copy of this class may have been here.
      try {
        return Class.forName(EXTENSION, true, extended.getClassLoader());
      } catch (ClassNotFoundException none) {
        e.addSuppressed(none);
        throw e;
      }
    }
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) throws IOException {
    return ChannelOffload.opened(builtIn.newFileChannel(path, options, attrs));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) throws IOException {
    return ChannelOffload.opened(builtIn.newByteChannel(path, options, attrs));
  }

  @Override
  public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
    return ChannelOffload.opened(builtIn.newInputStream(path, options));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    if (FileCopies.hasDemands(options)) {
      AnyProviderCopy.copyAsDemanded(source, target, builtIn::copy, options);
    } else if (!FileCopies.copy(source, target, options)) {
      builtIn.copy(source, target, options);
    }
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    if (!FileCopies.move(source, target, options)) {
      builtIn.move(source, target, options);
    }
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return front.getFileSystem(uri);
  }

  @Override
  public String getScheme() {
    return builtIn.getScheme();
  }

  // The rest is asked of the file system's provider, which is not this one.

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
    return builtIn.newFileSystem(uri, env);
  }

  @Override
  public Path getPath(URI uri) {
    return builtIn.getPath(uri);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path dir, DirectoryStream.Filter<? super Path> filter) throws IOException {
    return builtIn.newDirectoryStream(dir, filter);
  }

  @Override
  public void createDirectory(Path dir, FileAttribute<?>... attrs) throws IOException {
    builtIn.createDirectory(dir, attrs);
  }

  @Override
  public void delete(Path path) throws IOException {
    builtIn.delete(path);
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return builtIn.isSameFile(path, other);
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return builtIn.isHidden(path);
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return builtIn.getFileStore(path);
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    builtIn.checkAccess(path, modes);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return builtIn.getFileAttributeView(path, type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return builtIn.readAttributes(path, type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return builtIn.readAttributes(path, attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    builtIn.setAttribute(path, attribute, value, options);
  }
}
