package dev.copyoffload.spi;

import java.io.IOException;
import org.junit.jupiter.api.Assumptions;

/** What the running user may do. */
final class Privilege {
  private static final int NOBODY = 65534;

  private Privilege() {}

  static boolean isRoot() {
    return Libc.C.geteuid() == 0;
  }

  /** Skips the running test for anybody but root. */
  static void requireRoot() {
    Assumptions.assumeTrue(isRoot(), "this needs root");
  }

  /** Returns an operation that accesses files as an ordinary user, on this thread and its heirs. */
  static Outcome.Operation asNobody(Outcome.Operation operation) {
    return sandbox -> runAsNobody(operation, sandbox);
  }

  private static void runAsNobody(Outcome.Operation operation, Sandbox sandbox) throws IOException {
    // The group first: without privileges it could not be changed any more.
    Libc.C.setfsgid(NOBODY);
    Libc.C.setfsuid(NOBODY);
    try {
      operation.run(sandbox);
    } finally {
      Libc.C.setfsuid(0);
      Libc.C.setfsgid(0);
    }
  }
}
