package dev.copyoffload.linux;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Has our classes defined where only the first of them are there, and the JDK's woven.
 *
 * <p>The agent defines for the boot loader what programs may name and what the JDK asks; then, each
 * when it is first needed, what looks at loops, what a plain copy uses that shares, what one uses
 * that moves, what a transfer uses, and the rest: a JVM that copies nothing pays for a handful of
 * classes, and one that copies little for a few dozen. Elsewhere a class loader finds each by
 * itself, and this does nothing. The build puts the calls of the methods {@code require…} where
 * they are needed.
 */
public final class Completion {
  // What there is to define: loops for themselves, of the others each after those before it.
  private static final int FOR_LOOPS = 0;
  private static final int FOR_COPIES = 1;
  private static final int FOR_MOVING = 2;
  private static final int FOR_TRANSFERS = 3;
  private static final int ALL = 4;

  /** Where an overflow is near, the JDK's code runs. */
  private static final int CALLS_LEFT = 256;

  /** Of the JDK, what copies and moves files. */
  public static final int COPIER = 1;

  /** Of the JDK, what transfers streams. */
  public static final int STREAMS = 2;

  private static final Object LOOPS = new Object();
  private static final Object WOVEN = new Object();

  private static final AtomicInteger LEFT = new AtomicInteger();

  private static volatile @Nullable IntConsumer definer;
  private static volatile @Nullable IntConsumer definerOfLoops;
  private static volatile int defined;
  private static volatile boolean defining;
  private static volatile @Nullable Throwable failure;
  private static volatile boolean withAgent;
  private static volatile @Nullable IntConsumer weaver;
  private static volatile int unwoven;
  private static boolean weaving;

  private Completion() {}

  /**
   * Says what defines the classes: 0 those that look at loops, 1 those of a copy, 2 what moves, 3
   * those of a transfer, 4 the rest; each is asked for again only after an overflow.
   */
  public static void with(IntConsumer parts) {
    definer = parts;
    definerOfLoops = parts;
    withAgent = true;
  }

  /**
   * Says what makes those classes of the JDK ask us that were there before us: when they are about
   * to do what we may do better, since few programs come to that.
   *
   * @param late throws nothing, and is given {@link #COPIER} and {@link #STREAMS}, each once
   */
  public static void weaveBy(IntConsumer late) {
    weaver = late;
    unwoven = COPIER | STREAMS;
  }

  /** Whether a class does not ask yet that will. */
  public static boolean isUnwoven(int part) {
    return (unwoven & part) != 0;
  }

  /** Has it ask from now on. Who comes meanwhile waits, as what he does would be the JDK's. */
  public static void weave(int part) {
    synchronized (WOVEN) {
      IntConsumer late = weaver;
      // Another agent, which is given the class as well, may copy a file.
      if (late != null && isUnwoven(part) && !weaving && hasStack()) {
        weaving = true;
        late.accept(part);
        unwoven &= ~part;
        weaving = false;
      }
    }
  }

  /** Whether the agent defines our classes. */
  public static boolean isWithAgent() {
    return withAgent;
  }

  /** Whether what a plain copy needs has been defined, for the first copy. */
  public static boolean isBegun() {
    return defined > 0;
  }

  /** Counts a copy that is the JDK's, since nothing is there yet. */
  public static void leave() {
    LEFT.incrementAndGet();
  }

  /** How many {@link #leave} has counted since this was last asked. */
  public static int takeLeft() {
    return LEFT.getAndSet(0);
  }

  /**
   * Makes sure that what a plain copy needs is there.
   *
   * @return whether it is; not, if the agent's jar has gone, if the JDK takes none, near the end of
   *     the stack, or if this thread is about to define classes: another agent that looks at these
   *     may copy a file
   */
  public static boolean ensure() {
    return ensure(FOR_COPIES);
  }

  /** The same for what a transfer needs. */
  public static boolean ensureTransfers() {
    return ensure(FOR_TRANSFERS);
  }

  private static boolean ensure(int wanted) {
    if (failure != null) {
      return false;
    }
    if (definer == null) {
      return true;
    }
    return defined >= wanted ? !defining || !Thread.holdsLock(Completion.class) : define(wanted);
  }

  /** Like {@link #ensure}, for what cannot do without. */
  public static void requireCore() {
    require(FOR_COPIES);
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
    if (defined < wanted && (definer != null || failure != null) && !define(wanted)) {
      throw new LinkageError("the rest of copyoffload-agent.jar cannot be had", failure);
    }
  }

  /** Makes sure that what looks at loops is there, or has the JVM say that it is not. */
  public static void requireLoops() {
    if (definerOfLoops == null) {
      return;
    }
    // Not the lock of a copy: a thread that comes here is loading a class.
    synchronized (LOOPS) {
      IntConsumer parts = definerOfLoops;
      if (parts != null) {
        try {
          parts.accept(FOR_LOOPS);
          definerOfLoops = null;
        } catch (LinkageError | RuntimeException e) {
          definerOfLoops = null;
          throw e;
        }
      }
    }
  }

  /** Why they are not there, if they should be. */
  public static @Nullable Throwable failure() {
    return failure;
  }

  /** Whether this thread has enough left of its stack to set up classes. */
  public static boolean hasStack() {
    return hasStack(CALLS_LEFT);
  }

  /** Whether so many calls fit on what this thread has left of its stack. */
  public static boolean hasStack(int calls) {
    try {
      // Frames of 17 bytes at least, and of 115 until they are compiled.
      return depthOf(calls) == calls;
    } catch (StackOverflowError e) {
      return false;
    }
  }

  private static int depthOf(int calls) {
    return calls == 0 ? 0 : 1 + depthOf(calls - 1);
  }

  // Kept for doctor.
  @SuppressWarnings("StaticAssignmentOfThrowable")
  private static synchronized boolean define(int wanted) {
    IntConsumer parts = definer;
    if (parts == null || defined >= wanted) {
      return defined >= wanted;
    }
    if (defining || !hasStack()) {
      return false;
    }
    defining = true;
    try {
      int last = wanted;
      while (defined < last) {
        parts.accept(defined + 1);
        defined++;
        if (defined == FOR_COPIES && isVerified()) {
          last = ALL;
        }
      }
      return true;
    } catch (StackOverflowError | OutOfMemoryError e) {
      // Another time, or in another thread.
      return false;
    } catch (Throwable e) {
      // The JDK's own code runs from now on, as it would without us. What is there stays: a copy
      // in another thread needs it.
      failure = e;
      definer = null;
      return false;
    } finally {
      defining = false;
    }
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
