package dev.copyoffload.linux;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Has our classes defined where only the first of them are there, and streams of the JDK woven.
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

  /** Several times what it takes to define or weave classes on a busy machine. */
  private static final long LONGEST_WAIT_NANOS = 250_000_000;

  private static final long SHORTEST_WAIT_NANOS = 100_000;

  private static final ReentrantLock DEFINED = new ReentrantLock();

  /** Not the lock of a copy: a thread that comes here is loading a class. */
  private static final ReentrantLock LOOPS = new ReentrantLock();

  private static final ReentrantLock WOVEN = new ReentrantLock();

  private static final AtomicInteger LEFT = new AtomicInteger();

  private static volatile @Nullable IntConsumer definer;
  private static volatile @Nullable IntConsumer definerOfLoops;
  private static volatile int defined;
  private static volatile @Nullable Throwable failure;
  private static volatile @Nullable Runnable weaver;

  /** Whether nobody waits, as somebody has until it was too long. */
  private static volatile boolean inVain;

  private Completion() {}

  /**
   * Says what defines the classes: 0 those that look at loops, 1 those of a copy, 2 what moves, 3
   * those of a transfer, 4 the rest; each is asked for again only after an overflow.
   */
  public static void with(IntConsumer parts) {
    definer = parts;
    definerOfLoops = parts;
  }

  /**
   * Says what makes those streams of the JDK ask us that were there before us: when one is about to
   * be transferred, since few programs come to that.
   *
   * @param late throws nothing
   */
  public static void weaveStreamsBy(Runnable late) {
    weaver = late;
  }

  /** Whether there are streams that do not ask yet. */
  public static boolean awaitsStreams() {
    return weaver != null;
  }

  /** Has them ask from now on, unless another thread is about to and takes long. */
  public static void weaveStreams() {
    // Another agent, which is given the class as well, may transfer a stream.
    if (WOVEN.isHeldByCurrentThread() || !hasStack() || !lockSoon(WOVEN)) {
      return;
    }
    try {
      Runnable late = weaver;
      if (late != null) {
        late.run();
        weaver = null;
      }
    } finally {
      WOVEN.unlock();
    }
  }

  /**
   * Waits for a lock, but not for long; whether it is locked. Who has it has classes defined or
   * woven, and so other agents look at them, who may want what this thread holds: a logger, say,
   * that is about to rotate a file.
   */
  private static boolean lockSoon(ReentrantLock lock) {
    long end = System.nanoTime() + LONGEST_WAIT_NANOS;
    while (!lock.tryLock()) {
      if (inVain || System.nanoTime() - end >= 0) {
        inVain = true;
        return false;
      }
      LockSupport.parkNanos(SHORTEST_WAIT_NANOS);
    }
    inVain = false;
    return true;
  }

  /** Whether the agent defines our classes. */
  public static boolean isWithAgent() {
    return definer != null || failure != null;
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

  /** Makes sure that what a transfer needs is there, as {@link #ensure()} does. */
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
    return defined >= wanted ? !DEFINED.isHeldByCurrentThread() : define(wanted, false);
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
    if (defined < wanted && (definer != null || failure != null) && !define(wanted, true)) {
      throw new LinkageError("the rest of copyoffload-agent.jar cannot be had", failure);
    }
  }

  /** Makes sure that what looks at loops is there, or has the JVM say that it is not. */
  public static void requireLoops() {
    if (definerOfLoops == null) {
      return;
    }
    boolean own = lockSoon(LOOPS);
    try {
      IntConsumer parts = definerOfLoops;
      if (parts != null) {
        parts.accept(FOR_LOOPS);
        definerOfLoops = null;
      }
    } catch (LinkageError | RuntimeException e) {
      definerOfLoops = null;
      throw e;
    } finally {
      if (own) {
        LOOPS.unlock();
      }
    }
  }

  /** Why they are not there, if they should be. */
  public static @Nullable Throwable failure() {
    return failure;
  }

  /**
   * Whether this thread has enough left of its stack to set up classes: the frames of so few calls
   * have 115 bytes, as nobody compiles them.
   */
  public static boolean hasStack() {
    try {
      return depthOf(CALLS_LEFT) == CALLS_LEFT;
    } catch (StackOverflowError e) {
      return false;
    }
  }

  private static int depthOf(int calls) {
    return calls == 0 ? 0 : 1 + depthOf(calls - 1);
  }

  /**
   * Defines what is not there yet.
   *
   * @param must whether not to leave it to a thread that takes long: what both define is there once
   */
  // Kept for doctor.
  @SuppressWarnings("StaticAssignmentOfThrowable")
  private static boolean define(int wanted, boolean must) {
    if (DEFINED.isHeldByCurrentThread() || !hasStack()) {
      return false;
    }
    boolean own = lockSoon(DEFINED);
    try {
      IntConsumer parts = definer;
      int last = wanted;
      while (parts != null && (own || must) && defined < last) {
        int part = defined + 1;
        parts.accept(part);
        defined = Math.max(part, defined);
        if (part == FOR_COPIES && isVerified()) {
          last = ALL;
        }
      }
      return defined >= wanted;
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
      if (own) {
        DEFINED.unlock();
      }
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
