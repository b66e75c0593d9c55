package dev.copyoffload.spi;

import java.nio.file.Path;

/** Which ends of a transfer are the implementation's; the others are the JDK's own. */
enum Pairing {
  OURS_TO_OURS,
  OURS_TO_STOCK,
  STOCK_TO_OURS;

  /** Returns the path by which to open a file of the source's directory. */
  Path source(Sandbox s, String name) {
    return source(s, s.rawFrom(name));
  }

  /** Returns the path by which to open any file as a source. */
  Path source(Sandbox s, Path raw) {
    return this == STOCK_TO_OURS ? raw : s.at(raw);
  }

  /** Returns the path by which to open a file of the target's directory. */
  Path target(Sandbox s, String name) {
    return target(s, s.rawTo(name));
  }

  /** Returns the path by which to open any file as a target. */
  Path target(Sandbox s, Path raw) {
    return this == OURS_TO_STOCK ? raw : s.at(raw);
  }
}
