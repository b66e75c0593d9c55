package dev.copyoffload.provider.forward;

import java.nio.file.Path;
import java.util.Iterator;

/** Iterates over another iterator's paths, wrapped. */
final class ForwardingIterator implements Iterator<Path> {
  private final PathWrapping paths;
  private final Iterator<Path> delegate;

  ForwardingIterator(PathWrapping paths, Iterator<Path> delegate) {
    this.paths = paths;
    this.delegate = delegate;
  }

  @Override
  public boolean hasNext() {
    return delegate.hasNext();
  }

  @Override
  public Path next() {
    return paths.wrap(delegate.next());
  }

  @Override
  public void remove() {
    delegate.remove();
  }
}
