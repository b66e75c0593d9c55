package dev.copyoffload.linux;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The kernel, for tests that need the real one. */
public final class NativeCode {
  private NativeCode() {}

  /**
   * Returns the system calls. Skips the running test where there can be none, and fails it where
   * there should be some: else nobody would hear that native code is broken.
   */
  public static SystemCalls require() {
    SystemCalls calls = Platform.load();
    if (calls == null) {
      assumeTrue(Capability.NATIVE.isEnabled(), "native code is switched off");
      assumeTrue(System.getProperty("os.name", "").equals("Linux"), "not Linux");
      throw new AssertionError("no native code", Platform.unavailabilityCause());
    }
    return calls;
  }
}
