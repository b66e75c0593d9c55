package dev.copyoffload.engine;

/** Asked between two system calls whether to stop. */
@FunctionalInterface
public interface Cancellation {
  /** Runs to the end. */
  Cancellation NEVER = () -> false;

  /** Whether to stop now; cheap, called every few megabytes. */
  boolean isRequested();
}
