package dev.copyoffload.provider.forward;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Set;

/** A file system that forwards to another one and wraps every path that comes out of it. */
public abstract class ForwardingFileSystem extends FileSystem {
  /** The delegate. */
  protected final FileSystem delegate;

  /** Creates a file system that forwards to the given one. */
  protected ForwardingFileSystem(FileSystem delegate) {
    this.delegate = delegate;
  }

  /** Returns how paths are wrapped and unwrapped. */
  protected abstract PathWrapping paths();

  @Override
  public void close() throws IOException {
    delegate.close();
  }

  @Override
  public boolean isOpen() {
    return delegate.isOpen();
  }

  @Override
  public boolean isReadOnly() {
    return delegate.isReadOnly();
  }

  @Override
  public String getSeparator() {
    return delegate.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return new ForwardingPaths(paths(), delegate.getRootDirectories());
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return delegate.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return delegate.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return paths().wrap(delegate.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    return new ForwardingPathMatcher(paths(), delegate.getPathMatcher(syntaxAndPattern));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return delegate.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() throws IOException {
    return new ForwardingWatchService(paths(), delegate.newWatchService());
  }
}
