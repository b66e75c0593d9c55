package dev.copyoffload.linux;

import org.jspecify.annotations.Nullable;

/**
 * Has the rest of our classes defined where there are only the first of them yet.
 *
 * <p>The agent defines for the boot loader what programs may name and what the JDK asks, and the
 * rest when the first of these is used: a JVM that copies nothing pays for a handful of classes.
 * Elsewhere a class loader finds each by itself, and this does nothing.
 */
public final class Completion {
  private static volatile @Nullable Runnable rest;
  private static volatile @Nullable Throwable failure;
  private static volatile boolean withAgent;

  private Completion() {}

  /** Says what defines the rest; it is called once. */
  public static void with(Runnable definer) {
    rest = definer;
    withAgent = true;
  }

  /** Whether the agent defines our classes, and has the JDK's code ask. */
  public static boolean isWithAgent() {
    return withAgent;
  }

  /**
   * Makes sure that all classes are there.
   *
   * @return whether they are; not, if the agent's jar has gone, or if the JDK takes none
   */
  public static boolean ensure() {
    return rest == null ? failure == null : define();
  }

  /** Like {@link #ensure}, for what cannot do without. */
  public static void require() {
    if (!ensure()) {
      throw new LinkageError("the rest of copyoffload-agent.jar cannot be had", failure);
    }
  }

  /** Why they are not there, if they should be. */
  public static @Nullable Throwable failure() {
    return failure;
  }

  // Kept for doctor.
  @SuppressWarnings("StaticAssignmentOfThrowable")
  private static synchronized boolean define() {
    Runnable definer = rest;
    if (definer != null) {
      try {
        definer.run();
      } catch (Throwable e) {
        // The JDK's own code runs, as it would without us.
        failure = e;
      }
      rest = null;
    }
    return failure == null;
  }
}
