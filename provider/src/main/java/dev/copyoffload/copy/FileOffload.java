package dev.copyoffload.copy;

import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.engine.Cancellation;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import dev.copyoffload.observe.CopyObserver;
import dev.copyoffload.observe.LeftBecause;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Copies and moves regular files of the JDK's own file system, or declines so that the JDK's code
 * runs. Safe for use by many threads.
 */
public final class FileOffload {
  /**
   * From 20 on the JDK's own Files.copy and transfers share extents where copy_file_range(2) does.
   */
  public static final boolean JDK_SHARES = Runtime.version().feature() >= 20;

  private static volatile @Nullable FileCopy files;

  private FileOffload() {}

  /**
   * Mirrors {@link java.nio.file.Files#copy(Path, Path, CopyOption...)} for two paths of the JDK's
   * built-in file system.
   *
   * @return whether the copy is done; false means that the caller must let the JDK copy, which will
   *     find everything as it was, but for a target that was to be replaced and may be gone
   * @throws IOException what the JDK would throw
   */
  public static boolean copy(Path source, Path target, CopyOption... options) throws IOException {
    CopyPolicy policy = CopyPolicy.ofCopy(options);
    FileCopy files = policy == null || isLeftToJdk() ? null : filesOf(Platform.calls());
    if (files != null && policy != null && files.copy(source, target, policy)) {
      return true;
    }
    Object recorded = CopyObserver.copyLeftToJdk();
    if (recorded != null) {
      CopyObserver.left(recorded, source, target, whyLeft(policy, files));
    }
    return false;
  }

  private static LeftBecause whyLeft(@Nullable CopyPolicy policy, @Nullable FileCopy files) {
    if (policy == null) {
      return LeftBecause.OPTION;
    }
    if (files != null) {
      return LeftBecause.FILE;
    }
    if (hasSecurityManager()) {
      return LeftBecause.SECURITY_MANAGER;
    }
    return Platform.isUnavailable() ? LeftBecause.UNAVAILABLE : LeftBecause.NOT_LOADED;
  }

  /** The copy of the JDK or of another provider, which knows no option of ours. */
  @FunctionalInterface
  public interface OtherCopy {
    void copy(Path source, Path target, CopyOption... options) throws IOException;
  }

  /** Whether a copy has options of ours, and so must go through {@link #copyAsDemanded}. */
  public static boolean hasDemands(@Nullable CopyOption... options) {
    // Most copies have none, and load no class to find out.
    return options.length > 0 && Demands.areAmong(options);
  }

  /**
   * Judges options before anything is done.
   *
   * @throws IllegalArgumentException if they contradict each other
   */
  public static void requireConsistent(@Nullable CopyOption... options) {
    if (hasDemands(options)) {
      Demands.of(options);
    }
  }

  /**
   * Copies with options of ours, of whatever file.
   *
   * @param local whether both paths are of the JDK's built-in file system
   * @param other copies what we need not, without our options
   * @throws IllegalArgumentException if options contradict each other
   * @throws IOException what {@code Files.copy} would throw, or that an option cannot be honoured
   */
  public static void copyAsDemanded(
      Path source, Path target, boolean local, OtherCopy other, CopyOption... options)
      throws IOException {
    Demands demands = Demands.of(options);
    CopyPolicy policy = CopyPolicy.ofCopy(options);
    boolean follow = !Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
    SystemCalls calls = policy == null || !local ? null : loaded();
    FileCopy files = filesOf(calls);
    if (policy != null && calls != null && files != null) {
      if (new DemandingCopy(calls, files).copy(source, target, policy, demands)) {
        return;
      }
    } else if (policy != null) {
      refuseBroken(source, target, local, follow, demands);
    }
    Object recorded = CopyObserver.copyLeftToJdk();
    if (recorded != null) {
      LeftBecause why = local ? whyLeft(policy, files) : LeftBecause.PROVIDER;
      CopyObserver.left(recorded, source, target, why);
    }
    other.copy(source, target, Demands.withoutOurs(options));
    tell(source, target, demands);
  }

  /**
   * Shares the extents of two files that hold the same bytes.
   *
   * @param local whether both paths are of the JDK's built-in file system
   * @return bytes shared
   * @throws IOException if they differ or cannot be shared
   */
  public static long dedupe(Path source, Path target, boolean local) throws IOException {
    return dedupe(source, target, null, local);
  }

  /**
   * Shares the extents of ranges that hold the same bytes.
   *
   * @param local whether both paths are of the JDK's built-in file system
   * @return bytes shared
   * @throws IllegalArgumentException if a number is negative
   * @throws IOException if they differ or cannot be shared
   */
  public static long dedupe(
      Path source, long sourceOffset, Path target, long targetOffset, long length, boolean local)
      throws IOException {
    DedupeSpan span = new DedupeSpan(sourceOffset, targetOffset, length);
    return dedupe(source, target, span, local);
  }

  private static long dedupe(Path source, Path target, @Nullable DedupeSpan span, boolean local)
      throws IOException {
    SystemCalls calls = local ? loaded() : null;
    FileCopy files = filesOf(calls);
    if (calls == null || files == null) {
      throw Refusal.of(OffloadCopyOption.DEDUPE, whyNot(local), source, target);
    }
    CopyPolicy policy = new CopyPolicy(false, false, true, false);
    byte[] from = DemandingCopy.raw(source);
    byte[] to = DemandingCopy.raw(target);
    return new Dedupe(calls, files).run(source, from, target, to, span, policy);
  }

  private static @Nullable SystemCalls loaded() {
    if (isLeftToJdk()) {
      return null;
    }
    return Platform.load();
  }

  private static String whyNot(boolean local) {
    return local
        ? "no system call can be made: " + Platform.unavailabilityCause()
        : "a path is not of the default file system";
  }

  private static void refuseBroken(
      Path source, Path target, boolean local, boolean follow, Demands demands) throws IOException {
    LinkOption[] links = follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    OffloadCopyOption broken =
        demands.has(OffloadCopyOption.DEDUPE) || Files.isRegularFile(source, links)
            ? demands.brokenByJdk(local && JDK_SHARES)
            : null;
    if (broken != null) {
      throw Refusal.of(broken, whyNot(local), source, target);
    }
  }

  /** Tells of a copy that was not ours, when it is done. */
  private static void tell(Path source, Path target, Demands demands) throws IOException {
    long size = Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) ? Files.size(target) : 0;
    Pace pace = Pace.of(demands.progress(), Cancellation.NEVER, size);
    boolean kept = false;
    try {
      if (pace != null && !pace.finished(size)) {
        pace.rethrow();
        throw new FileSystemException(
            source.toString(), target.toString(), "cancelled by CopyProgress");
      }
      kept = true;
    } finally {
      if (!kept) {
        Files.deleteIfExists(target);
      }
    }
  }

  /**
   * Mirrors {@link java.nio.file.Files#move(Path, Path, CopyOption...)} for two paths of the JDK's
   * built-in file system.
   *
   * @return whether the move is done; false means that the caller must let the JDK move, which will
   *     find everything as it was, but for a target that was to be replaced and may be gone
   * @throws IOException what the JDK would throw
   */
  public static boolean move(Path source, Path target, CopyOption... options) throws IOException {
    CopyPolicy policy = CopyPolicy.ofMove(options);
    FileCopy files = policy == null || isLeftToJdk() ? null : filesOf(Platform.calls());
    boolean done = files != null && policy != null && files.move(source, target, policy);
    if (!done) {
      CopyObserver.moveLeftToJdk();
    }
    return done;
  }

  private static boolean isLeftToJdk() {
    // The JDK asks a security manager for every path; so must the JDK's code run.
    return Platform.isUnavailable() || hasSecurityManager();
  }

  private static @Nullable FileCopy filesOf(@Nullable SystemCalls calls) {
    if (calls == null) {
      return null;
    }
    FileCopy current = files;
    if (current != null) {
      return current;
    }
    synchronized (FileOffload.class) {
      current = files;
      if (current == null) {
        current = new FileCopy(calls);
        files = current;
        CopyObserver.loaded();
      }
      return current;
    }
  }

  @SuppressWarnings("removal")
  private static boolean hasSecurityManager() {
    return System.getSecurityManager() != null;
  }
}
