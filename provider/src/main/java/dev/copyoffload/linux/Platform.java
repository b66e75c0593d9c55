package dev.copyoffload.linux;

import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import org.jspecify.annotations.Nullable;
import sun.nio.fs.OffloadKernel;

/**
 * Decides once a JVM how the kernel is reached: by the stub, which whoever needs it first loads in
 * a millisecond; else by JNA, which loads beside the program; else not at all.
 *
 * <p>Another platform would be another {@link SystemCalls} chosen in {@code choose()}.
 */
public final class Platform {
  private static final String LOADER_NAME = "copyoffload-load";

  /** A thread that loads holds no lock but this, yet may need one that a waiting thread holds. */
  private static final long LONGEST_WAIT_MILLIS = 100;

  private static final long LONGEST_WAIT_FOR_JNA_MILLIS = 30_000;

  private static final Object LOCK = new Object();
  private static @Nullable Thread loader;
  private static volatile @Nullable SystemCalls calls;

  private static volatile @Nullable Throwable unavailable;
  private static volatile boolean settled;
  private static volatile long loadNanos;
  private static volatile @Nullable String stubObstacle;

  private Platform() {}

  /**
   * The system calls, loaded now if they are not yet; null if there are none, or not yet: JNA takes
   * a tenth of a second, for which no plain copy waits.
   */
  public static @Nullable SystemCalls calls() {
    return settled ? calls : load(LONGEST_WAIT_MILLIS);
  }

  /** The system calls if they are loaded, else null. */
  public static @Nullable SystemCalls loaded() {
    return calls;
  }

  /**
   * Loads now and waits for it, half a minute at most; returns at once in the loading thread
   * itself.
   *
   * @return the system calls, or null if there are none, or not yet
   */
  public static @Nullable SystemCalls load() {
    calls();
    return settled ? calls : await(LONGEST_WAIT_FOR_JNA_MILLIS);
  }

  /** Whether loading has ended and failed: there will never be any. */
  public static boolean isUnavailable() {
    return settled && calls == null;
  }

  /** Why there are no system calls, or null if there are or if nobody has asked yet. */
  public static @Nullable Throwable unavailabilityCause() {
    return unavailable;
  }

  /** Why the kernel is not reached by the stub, or null if it is or nobody has asked yet. */
  public static @Nullable String stubObstacle() {
    return stubObstacle;
  }

  /** How long it took to load them, in nanoseconds; 0 while they are not. */
  public static long loadNanos() {
    return loadNanos;
  }

  private static @Nullable SystemCalls load(long millis) {
    synchronized (LOCK) {
      if (settled || loader == Thread.currentThread()) {
        return calls;
      }
      if (loader != null) {
        // Not ours to do, and at the most worth a short while.
        return loader.getName().equals(LOADER_NAME) ? null : await(millis);
      }
      loader = Thread.currentThread();
    }
    choose();
    return calls;
  }

  private static @Nullable SystemCalls await(long millis) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + millis * 1_000_000;
    synchronized (LOCK) {
      long left = millis;
      while (!settled && left > 0 && loader != Thread.currentThread()) {
        try {
          LOCK.wait(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
        left = (deadline - System.nanoTime()) / 1_000_000;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return calls;
  }

  // Kept, not thrown again: the trace says where loading failed.
  @SuppressWarnings("StaticAssignmentOfThrowable")
  private static void settle(@Nullable SystemCalls chosen, @Nullable Throwable obstacle) {
    synchronized (LOCK) {
      calls = chosen;
      unavailable = obstacle;
      settled = true;
      // A thread is kept with all that it has.
      loader = null;
      LOCK.notifyAll();
    }
  }

  private static void choose() {
    long started = System.nanoTime();
    try {
      if (!Capability.NATIVE.isEnabled()) {
        throw new UnsupportedOperationException("switched off by copyoffload.disable=native");
      }
      String system = System.getProperty("os.name", "");
      if (!system.equals("Linux")) {
        throw new UnsupportedOperationException(
            "the operating system is " + system + ", not Linux");
      }
      byte[] stub = StubBytes.of(System.getProperty("os.arch", ""));
      if (stub == null) {
        throw new UnsupportedOperationException(
            "the architecture "
                + System.getProperty("os.arch", "")
                + " is not one of amd64, aarch64, riscv64, loongarch64, ppc64le");
      }
      String noStub = loadStub(stub);
      stubObstacle = noStub;
      if (noStub == null) {
        SystemCalls chosen = checked(new StubKernel());
        loadNanos = System.nanoTime() - started;
        settle(chosen, null);
      } else {
        loadJnaBesideTheProgram(noStub);
      }
    } catch (Throwable e) {
      // Nothing of it may reach the application.
      settle(null, e);
    }
  }

  /** Returns null, or why there is no stub. */
  private static @Nullable String loadStub(byte[] stub) {
    boolean wanted = Capability.STUB.isEnabled();
    // Set up before, since a provider that takes its place enters meanwhile.
    FileSystem files = FileSystems.getDefault();
    String obstacle = JavaBase.enter(wanted ? stub : null, files);
    if (!wanted) {
      return "switched off by copyoffload.disable=stub";
    }
    return obstacle != null || JavaBase.isKernelLoaded() ? obstacle : new Place().loadStub(stub);
  }

  private static void loadJnaBesideTheProgram(String noStub) {
    Thread thread = new Thread(null, () -> loadJna(noStub), LOADER_NAME, 0, false);
    thread.setDaemon(true);
    // The application's loader would stay reachable for as long as the thread runs.
    thread.setContextClassLoader(Platform.class.getClassLoader());
    synchronized (LOCK) {
      loader = thread;
    }
    thread.start();
  }

  private static void loadJna(String noStub) {
    long started = System.nanoTime();
    try {
      SystemCalls chosen = checked(JnaLoader.load());
      loadNanos = System.nanoTime() - started;
      settle(chosen, null);
    } catch (Throwable e) {
      // JNA throws plain Errors too.
      settle(null, new UnsupportedOperationException("no stub: " + noStub + "; no JNA: " + e, e));
    }
  }

  /** The calls, if the one without which nothing goes is there: before Linux 4.11 it is not. */
  private static SystemCalls checked(Kernel kernel) {
    SystemCalls chosen = new LinuxSystemCalls(kernel);
    // Where the JDK's paths are not as we know them that shows here, and not in a program's copy.
    byte[] root = JavaBase.isEntered() ? OffloadKernel.root() : new byte[] {'/', 0};
    int result = chosen.statx(root, true, new long[FileStatus.LONGS]);
    if (Errno.ENOSYS.is(result)) {
      throw new UnsupportedOperationException("this kernel has no statx(2)");
    }
    FileStatus process = FileStatus.ofProcess(chosen);
    long seen = ownerAndModeOfProcess();
    if (seen >= 0 && process != null && seen >> Integer.SIZE != process.user()) {
      // It is to see what is done to files, which calls of ours would hide from it.
      throw new UnsupportedOperationException(
          "a library shows other owners of files than the kernel has, as fakeroot does");
    }
    return chosen;
  }

  /** As the JDK sees them. Two statements: one would need both classes to be verified. */
  private static long ownerAndModeOfProcess() {
    if (JavaBase.isEntered()) {
      return new Place().ownerAndMode("/proc/self");
    }
    return new PublicPlace(FileSystems.getDefault()).ownerAndMode("/proc/self");
  }
}
