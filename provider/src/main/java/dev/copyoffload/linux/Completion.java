package dev.copyoffload.linux;

import org.jspecify.annotations.Nullable;

/**
 * Has our classes defined where only the first of them are there.
 *
 * <p>The agent defines for the boot loader what programs may name and what the JDK asks; then, each
 * when it is first needed, what a plain copy uses, what a transfer uses, and the rest: a JVM that
 * copies nothing pays for a handful of classes, and one that copies little for a few dozen.
 * Elsewhere a class loader finds each by itself, and this does nothing. The build puts the calls of
 * {@link #requireCore}, {@link #requireTransfers} and {@link #require} where they are needed.
 */
public final class Completion {
  private static final int FOR_COPIES = 1;
  private static final int FOR_TRANSFERS = 2;
  private static final int ALL = 3;

  private static volatile @Nullable Runnable definer;
  private static volatile int defined;
  private static volatile @Nullable Throwable failure;
  private static volatile boolean withAgent;

  private Completion() {}

  /**
   * Says what defines what a copy needs, when it runs first, what a transfer needs, when it runs
   * again, and then the rest.
   */
  public static void with(Runnable parts) {
    definer = parts;
    withAgent = true;
  }

  /** Whether the agent defines our classes, and has the JDK's code ask. */
  public static boolean isWithAgent() {
    return withAgent;
  }

  /** Whether what a plain copy needs has been defined, for the first copy. */
  public static boolean isBegun() {
    return defined > 0;
  }

  /**
   * Makes sure that what a plain copy needs is there.
   *
   * @return whether it is; not, if the agent's jar has gone, or if the JDK takes none
   */
  public static boolean ensure() {
    return defined > 0 || (definer == null ? failure == null : define(FOR_COPIES));
  }

  /** Like {@link #ensure}, for what cannot do without. */
  public static void requireCore() {
    if (!ensure()) {
      throw absent();
    }
  }

  /** Makes sure that what a transfer needs is there. */
  public static void requireTransfers() {
    if (defined < FOR_TRANSFERS) {
      require(FOR_TRANSFERS);
    }
  }

  /** Makes sure that all classes are there. */
  public static void require() {
    require(ALL);
  }

  private static void require(int wanted) {
    if (definer == null ? failure != null : !define(wanted)) {
      throw absent();
    }
  }

  private static LinkageError absent() {
    return new LinkageError("the rest of copyoffload-agent.jar cannot be had", failure);
  }

  /** Why they are not there, if they should be. */
  public static @Nullable Throwable failure() {
    return failure;
  }

  // Kept for doctor.
  @SuppressWarnings("StaticAssignmentOfThrowable")
  private static synchronized boolean define(int wanted) {
    Runnable parts = definer;
    if (parts != null) {
      try {
        int last = wanted;
        while (defined < last) {
          parts.run();
          defined++;
          if (defined == FOR_COPIES && isVerified()) {
            last = ALL;
          }
        }
        if (defined == ALL) {
          definer = null;
        }
      } catch (Throwable e) {
        // The JDK's own code runs, as it would without us.
        failure = e;
        defined = 0;
        definer = null;
      }
    }
    return failure == null;
  }

  /**
   * Whether this JVM verifies what the boot loader defines, which needs all that the code names.
   */
  private static boolean isVerified() {
    try {
      VerificationProbe.link();
      return false;
    } catch (LinkageError e) {
      return true;
    }
  }
}
