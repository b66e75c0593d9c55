package dev.copyoffload.engine;

/** Asked between two system calls whether to stop. */
@FunctionalInterface
public interface Cancellation {
  /** Runs to the end. Not a lambda, whose linking takes milliseconds of the first copy. */
  Cancellation NEVER =
      new Cancellation() {
        @Override
        public boolean isRequested() {
          return false;
        }
      };

  /** Whether to stop now; cheap, called every few megabytes. */
  boolean isRequested();

  /**
   * Whether to stop now, asked by a copy that tells how far it is.
   *
   * @param position bytes of the target that are done, from its start
   */
  default boolean isRequestedAt(long position) {
    return isRequested();
  }
}
