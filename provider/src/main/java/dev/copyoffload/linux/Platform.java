package dev.copyoffload.linux;

import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
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
  private static final CountDownLatch LOADED = new CountDownLatch(1);
  private static final Object START_LOCK = new Object();
  private static @Nullable Thread loader;
  private static volatile @Nullable SystemCalls calls;
  private static volatile @Nullable Throwable unavailable;
  private static volatile boolean settled;

  private Platform() {}

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
      if (loader != null) {
        return;
      }
      Thread thread = new Thread(null, Platform::run, "copyoffload-load", 0, false);
      thread.setDaemon(true);
      // The application's loader would stay reachable for as long as the thread runs.
      thread.setContextClassLoader(Platform.class.getClassLoader());
      loader = thread;
      thread.start();
    }
  }

  /**
   * Loads now and waits for it, however often the thread is interrupted meanwhile; returns at once
   * in the loading thread itself.
   *
   * @return the system calls, or null if there are none
   */
  public static @Nullable SystemCalls load() {
    loadInBackground();
    synchronized (START_LOCK) {
      if (Thread.currentThread() == loader) {
        return calls;
      }
    }
    boolean interrupted = false;
    while (true) {
      try {
        LOADED.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return calls;
  }

  // Kept, not thrown again: the trace says where loading failed.
  @SuppressWarnings("StaticAssignmentOfThrowable")
  private static void run() {
    try {
      // Warm before the first copy needs it: finding a logger costs more than a small copy.
      System.Logger logger = System.getLogger("dev.copyoffload");
      try {
        calls = choose();
      } catch (LinkageError | RuntimeException e) {
        unavailable = e;
        logger.log(
            Level.INFO,
            "dev.copyoffload: no native code, every copy is the JDK's own: " + e.getMessage());
      }
    } finally {
      settled = true;
      LOADED.countDown();
    }
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
