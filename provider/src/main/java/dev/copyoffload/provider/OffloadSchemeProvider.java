package dev.copyoffload.provider;

import java.nio.file.FileSystems;

/**
 * The provider of the {@code offload} scheme, by which a program opts in path by path: {@code
 * Path.of(URI.create("offload:///data/x"))}.
 *
 * <p>Found by {@link java.util.ServiceLoader} from the class path. A copy is offloaded if both of
 * its paths are of this scheme.
 */
public final class OffloadSchemeProvider extends WrappingProvider {
  /** Creates a provider that wraps the one of the default file system. */
  public OffloadSchemeProvider() {
    super(FileSystems.getDefault().provider(), UriScheme.OFFLOAD);
  }
}
