package dev.copyoffload.provider.forward;

import java.nio.file.Path;
import java.util.Iterator;

/** Another iterable's paths, wrapped as they are iterated over. */
final class ForwardingPaths implements Iterable<Path> {
  private final PathWrapping paths;
  private final Iterable<Path> delegate;

  ForwardingPaths(PathWrapping paths, Iterable<Path> delegate) {
    this.paths = paths;
    this.delegate = delegate;
  }

  @Override
  public Iterator<Path> iterator() {
    return new ForwardingIterator(paths, delegate.iterator());
  }
}
