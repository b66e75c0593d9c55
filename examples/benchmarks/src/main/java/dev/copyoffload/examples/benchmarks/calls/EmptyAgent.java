package dev.copyoffload.examples.benchmarks.calls;

import java.lang.instrument.Instrumentation;

/** An agent that does nothing, with the signature of ours. */
public final class EmptyAgent {
  private EmptyAgent() {}

  public static void premain(String arguments, Instrumentation instrumentation) {}
}
