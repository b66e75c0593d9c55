package dev.copyoffload.provider.forward;

import java.nio.file.Path;

/** The two directions between a delegate's paths and the paths that callers see. */
public interface PathWrapping {
  /** Callers see the delegate's own paths. */
  PathWrapping NONE =
      new PathWrapping() {
        @Override
        public Path wrap(Path raw) {
          return raw;
        }

        @Override
        public Path unwrap(Path path) {
          return path;
        }
      };

  /** Returns the path that callers see for a path of the delegate. */
  Path wrap(Path raw);

  /**
   * Returns the delegate's path for a path that a caller passed.
   *
   * <p>A path that is not wrapped, null included, comes back as it is: what it means is left to the
   * delegate.
   */
  Path unwrap(Path path);
}
