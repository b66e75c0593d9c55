package dev.copyoffload.spi;

import java.nio.file.Path;

/** The provider that a contract is run against. */
public interface Implementation {
  /** Returns the implementation's path for an absolute path of the JDK's own file system. */
  Path at(Path raw);

  /** Does what the implementation would else do in the background, while tests already run. */
  default void prepare() {}
}
