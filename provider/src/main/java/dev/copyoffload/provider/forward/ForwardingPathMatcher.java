package dev.copyoffload.provider.forward;

import java.nio.file.Path;
import java.nio.file.PathMatcher;

/** A path matcher that unwraps what it is asked about. */
final class ForwardingPathMatcher implements PathMatcher {
  private final PathWrapping paths;
  private final PathMatcher delegate;

  ForwardingPathMatcher(PathWrapping paths, PathMatcher delegate) {
    this.paths = paths;
    this.delegate = delegate;
  }

  @Override
  public boolean matches(Path path) {
    return delegate.matches(paths.unwrap(path));
  }
}
