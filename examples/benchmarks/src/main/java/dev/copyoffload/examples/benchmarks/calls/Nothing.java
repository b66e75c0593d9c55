package dev.copyoffload.examples.benchmarks.calls;

/** A program that does nothing: all of its time is the JVM's start and end. */
public final class Nothing {
  private Nothing() {}

  public static void main(String[] arguments) {}
}
