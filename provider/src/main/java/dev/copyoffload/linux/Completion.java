package dev.copyoffload.linux;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Has our classes defined where only the first of them are there.
 *
 * <p>The agent defines for the boot loader what programs may name and what the JDK asks; then, each
 * when it is first needed, what looks at loops, what a plain copy uses that shares, what one uses
 * that moves, what a transfer uses, and the rest: a JVM that copies nothing pays for a handful of
 * classes, and one that copies little for a few dozen. Elsewhere a class loader finds each by
 * itself, and this does nothing. The build puts the calls of the methods {@code require…} where
 * they are needed.
 */
public final class Completion {
  // What there is to define: from the second on each wants those before it.
  private static final int FOR_LOOPS = 0;
  private static final int FOR_COPIES = 1;
  private static final int FOR_MOVING = 2;
  private static final int FOR_TRANSFERS = 3;
  private static final int ALL = 4;

  private static final Object LOOPS = new Object();

  private static volatile @Nullable IntConsumer definer;
  private static volatile int defined;
  private static volatile boolean loopsDefined;
  private static volatile @Nullable Throwable failure;
  private static volatile boolean withAgent;

  private Completion() {}

  /**
   * Says what defines the classes: 0 those that look at loops, 1 those of a copy, 2 what moves, 3
   * those of a transfer, 4 the rest; each is asked for once.
   */
  public static void with(IntConsumer parts) {
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

  /** Makes sure that what moves bytes is there, and what options need. */
  public static void requireMoving() {
    require(FOR_MOVING);
  }

  /** Makes sure that what a transfer needs is there. */
  public static void requireTransfers() {
    require(FOR_TRANSFERS);
  }

  /** Makes sure that all classes are there. */
  public static void require() {
    require(ALL);
  }

  private static void require(int wanted) {
    if (defined < wanted && (definer == null ? failure != null : !define(wanted))) {
      throw absent();
    }
  }

  /** Makes sure that what looks at loops is there. */
  public static void requireLoops() {
    if (loopsDefined) {
      return;
    }
    // Not the lock of a copy: a thread that comes here is loading a class.
    synchronized (LOOPS) {
      IntConsumer parts = definer;
      if (parts != null && !loopsDefined) {
        parts.accept(FOR_LOOPS);
        loopsDefined = true;
      }
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
    IntConsumer parts = definer;
    if (parts != null) {
      try {
        int last = wanted;
        while (defined < last) {
          parts.accept(defined + 1);
          defined++;
          if (defined == FOR_COPIES && isVerified()) {
            last = ALL;
          }
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
