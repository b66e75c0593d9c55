package dev.copyoffload.engine;

/** Asked between two system calls whether to stop. */
@FunctionalInterface
public interface Cancellation {
  /** Runs to the end. */
  Cancellation NEVER = () -> false;

  /** Whether to stop now; cheap, called every few megabytes. */
  boolean isRequested();

  /**
   * The same, by a copy that tells how far it is.
   *
   * @param position bytes of the target that are done, from its start
   */
  default boolean isRequestedAt(long position) {
    return isRequested();
  }
}
