package dev.copyoffload.linux;

import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides once a JVM whether there are system calls to make, and loads them.
 *
 * <p>Nothing is loaded until {@link #loadInBackground()} or {@link #load()}: JNA costs some hundred
 * milliseconds, unpacks a file and must not run while the default file system is being set up. The
 * loading thread copies files itself (JNA does), so {@link #ready()} never waits.
 *
 * <p>Another platform would be another {@link SystemCalls} chosen in {@code choose()}.
 */
public final class Platform {
  private static final String LOADER_NAME = "copyoffload-load";
  private static final long LONGEST_WAIT_SECONDS = 30;
  private static final long LOOK_EACH_MILLIS = 20;
  private static final CountDownLatch LOADED = new CountDownLatch(1);
  private static final Object START_LOCK = new Object();
  private static volatile @Nullable Thread loader;
  private static volatile @Nullable SystemCalls calls;
  private static volatile @Nullable Throwable unavailable;
  private static volatile boolean settled;
  private static volatile @Nullable LoadListener listener;

  private Platform() {}

  /** Has the loading, if it has not begun, told to somebody; the last one asked for counts. */
  public static void tell(LoadListener loadListener) {
    listener = loadListener;
  }

  /** The system calls if they are loaded and usable, else null. */
  public static @Nullable SystemCalls ready() {
    return calls;
  }

  /** Whether loading has ended and failed: nothing will ever be ready. */
  public static boolean isUnavailable() {
    return settled && calls == null;
  }

  /** Why there are no system calls, or null if there are or if nobody has asked yet. */
  public static @Nullable Throwable unavailabilityCause() {
    return unavailable;
  }

  /** Starts loading beside the caller, once. */
  public static void loadInBackground() {
    if (settled) {
      return;
    }
    synchronized (START_LOCK) {
      if (loader != null || settled) {
        return;
      }
      try {
        Thread thread = new Thread(null, Platform::run, LOADER_NAME, 0, false);
        thread.setDaemon(true);
        // The application's loader would stay reachable for as long as the thread runs.
        thread.setContextClassLoader(Platform.class.getClassLoader());
        loader = thread;
        thread.start();
      } catch (OutOfMemoryError e) {
        // A limit on threads: a copy must not fail for that.
        settle(e);
      }
    }
  }

  /**
   * Loads now and waits for it, but not for ever; returns at once in the loading thread itself.
   *
   * @return the system calls, or null if there are none, or not yet
   */
  public static @Nullable SystemCalls load() {
    return load(LONGEST_WAIT_SECONDS);
  }

  /**
   * Loads now and waits for it, but not while the loading thread itself has waited so many seconds:
   * the caller may hold a lock that it needs. On a busy machine loading takes seconds too, and is
   * waited for.
   */
  public static @Nullable SystemCalls load(long secondsStuck) {
    loadInBackground();
    Thread loading = loader;
    if (loading == null || Thread.currentThread() == loading) {
      return calls;
    }
    boolean interrupted = false;
    long now = System.nanoTime();
    long deadline = now + TimeUnit.SECONDS.toNanos(LONGEST_WAIT_SECONDS);
    long lastSeenRunning = now;
    boolean loaded = false;
    while (!loaded
        && now < deadline
        && now - lastSeenRunning < TimeUnit.SECONDS.toNanos(secondsStuck)) {
      try {
        loaded = LOADED.await(LOOK_EACH_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      now = System.nanoTime();
      if (loading.getState() == Thread.State.RUNNABLE) {
        lastSeenRunning = now;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return calls;
  }

  private static void run() {
    SystemCalls chosen = null;
    Throwable obstacle = null;
    LoadListener told = listener;
    if (told != null) {
      told.loading();
    }
    try {
      chosen = choose();
      if (told != null) {
        told.usable(chosen);
      }
    } catch (Throwable e) {
      // JNA throws plain Errors too; nothing of it may reach the application.
      obstacle = e;
    }
    calls = obstacle == null ? chosen : null;
    settle(obstacle);
    if (told != null) {
      told.loaded(obstacle);
    }
    if (obstacle != null && !isJvmEnding()) {
      System.getLogger("dev.copyoffload")
          .log(
              Level.INFO,
              "dev.copyoffload: no native code, every copy is the JDK's own: "
                  + obstacle
                  + (obstacle.getCause() == null ? "" : ", caused by " + obstacle.getCause()));
    }
  }

  /** A program that ends while JNA is loading makes that fail, and need not hear of it. */
  private static boolean isJvmEnding() {
    try {
      // Never one: asked for the exception alone.
      Runtime.getRuntime().removeShutdownHook(Thread.currentThread());
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  // Kept, not thrown again: the trace says where loading failed.
  @SuppressWarnings("StaticAssignmentOfThrowable")
  private static void settle(@Nullable Throwable obstacle) {
    unavailable = obstacle;
    settled = true;
    LOADED.countDown();
  }

  private static SystemCalls choose() {
    if (!Capability.NATIVE.isEnabled()) {
      throw new UnsupportedOperationException("switched off by copyoffload.disable=native");
    }
    String system = System.getProperty("os.name", "");
    String architecture = System.getProperty("os.arch", "");
    if (!system.equals("Linux")) {
      throw new UnsupportedOperationException("the operating system is " + system + ", not Linux");
    }
    switch (architecture) {
      case "amd64", "aarch64", "riscv64", "loongarch64" -> {
        return new LinuxSystemCalls();
      }
      default ->
          throw new UnsupportedOperationException(
              "the architecture "
                  + architecture
                  + " is not one of amd64, aarch64, riscv64, loongarch64");
    }
  }
}
