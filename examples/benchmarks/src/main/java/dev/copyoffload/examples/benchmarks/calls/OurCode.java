package dev.copyoffload.examples.benchmarks.calls;

import dev.copyoffload.CopyOffload;

/** What is asked of the provider before anything is timed; not loaded in a JVM without it. */
final class OurCode {
  private OurCode() {}

  /** Rows show the steady state: the start-up rows show the beginning. */
  static void load() {
    if (!CopyOffload.load()) {
      throw new IllegalStateException("no native code", CopyOffload.unavailabilityCause());
    }
  }
}
