package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.copyoffload.CopyOffload;
import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Platform;

/** What most tests are about. */
public final class NativeCode {
  /** The contracts hold elsewhere too, where nothing is ours. */
  private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

  private NativeCode() {}

  /** Skips the running test where native code is switched off. */
  public static void require() {
    assumeTrue(isThere(), "native code is switched off");
  }

  /**
   * Returns whether there is native code. Where it should be and is not, the running test fails: it
   * would compare the JDK with itself. So it does where the kernel is reached in another way than
   * was asked for.
   */
  public static boolean isThere() {
    if (!CopyOffload.load() && Capability.NATIVE.isEnabled() && LINUX) {
      throw new AssertionError("no native code", CopyOffload.unavailabilityCause());
    }
    boolean byStub = CopyOffload.isAvailable() && Platform.stubObstacle() == null;
    if (CopyOffload.isAvailable() && byStub != Capability.STUB.isEnabled()) {
      throw new AssertionError(
          byStub ? "not by JNA" : "not by the stub: " + Platform.stubObstacle());
    }
    return CopyOffload.isAvailable();
  }
}
