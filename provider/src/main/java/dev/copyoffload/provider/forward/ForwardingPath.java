package dev.copyoffload.provider.forward;

import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** A path that forwards to another one and wraps every path that comes out of it. */
public abstract class ForwardingPath implements Path {
  /** The delegate's path. */
  protected final Path delegate;

  /** Creates a path that forwards to the given one. */
  protected ForwardingPath(Path delegate) {
    this.delegate = delegate;
  }

  /** Returns how paths are wrapped and unwrapped. */
  protected abstract PathWrapping paths();

  private Path wrap(Path raw) {
    return raw == delegate ? this : paths().wrap(raw);
  }

  private @Nullable Path wrapNullable(@Nullable Path raw) {
    return raw == null ? null : wrap(raw);
  }

  private Path unwrap(Path path) {
    return paths().unwrap(path);
  }

  @Override
  public boolean isAbsolute() {
    return delegate.isAbsolute();
  }

  @Override
  public @Nullable Path getRoot() {
    return wrapNullable(delegate.getRoot());
  }

  @Override
  public @Nullable Path getFileName() {
    return wrapNullable(delegate.getFileName());
  }

  @Override
  public @Nullable Path getParent() {
    return wrapNullable(delegate.getParent());
  }

  @Override
  public int getNameCount() {
    return delegate.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return wrap(delegate.getName(index));
  }

  @Override
  public Path subpath(int beginIndex, int endIndex) {
    return wrap(delegate.subpath(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    return delegate.startsWith(unwrap(other));
  }

  @Override
  public boolean startsWith(String other) {
    return delegate.startsWith(other);
  }

  @Override
  public boolean endsWith(Path other) {
    return delegate.endsWith(unwrap(other));
  }

  @Override
  public boolean endsWith(String other) {
    return delegate.endsWith(other);
  }

  @Override
  public Path normalize() {
    return wrap(delegate.normalize());
  }

  @Override
  public Path resolve(Path other) {
    return wrap(delegate.resolve(unwrap(other)));
  }

  @Override
  public Path resolve(String other) {
    return wrap(delegate.resolve(other));
  }

  @Override
  public Path resolveSibling(Path other) {
    return wrap(delegate.resolveSibling(unwrap(other)));
  }

  @Override
  public Path resolveSibling(String other) {
    return wrap(delegate.resolveSibling(other));
  }

  @Override
  public Path relativize(Path other) {
    return wrap(delegate.relativize(unwrap(other)));
  }

  @Override
  public URI toUri() {
    return delegate.toUri();
  }

  @Override
  public Path toAbsolutePath() {
    return wrap(delegate.toAbsolutePath());
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return wrap(delegate.toRealPath(options));
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    if (watcher instanceof ForwardingWatchService service) {
      return service.wrap(delegate.register(service.delegate(), events, modifiers));
    }
    return new ForwardingWatchKey(paths(), delegate.register(watcher, events, modifiers));
  }

  @Override
  public Iterator<Path> iterator() {
    return new ForwardingIterator(paths(), delegate.iterator());
  }

  @Override
  public int compareTo(Path other) {
    return delegate.compareTo(unwrap(other));
  }

  @Override
  public String toString() {
    return delegate.toString();
  }
}
