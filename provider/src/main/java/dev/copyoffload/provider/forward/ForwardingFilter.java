package dev.copyoffload.provider.forward;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;

/** A filter for the delegate's directory entries that shows wrapped ones to the caller's filter. */
final class ForwardingFilter implements DirectoryStream.Filter<Path> {
  private final PathWrapping paths;
  private final DirectoryStream.Filter<? super Path> delegate;

  ForwardingFilter(PathWrapping paths, DirectoryStream.Filter<? super Path> delegate) {
    this.paths = paths;
    this.delegate = delegate;
  }

  @Override
  public boolean accept(Path entry) throws IOException {
    return delegate.accept(paths.wrap(entry));
  }
}
