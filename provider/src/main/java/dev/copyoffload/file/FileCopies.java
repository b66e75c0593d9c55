package dev.copyoffload.file;

import dev.copyoffload.CopyProgress;
import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.engine.Cancellation;
import dev.copyoffload.engine.Range;
import dev.copyoffload.engine.Reason;
import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import dev.copyoffload.observe.CopyObserver;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Copies and moves regular files of the JDK's own file system, or declines so that the JDK's code
 * runs. Safe for use by many threads.
 */
public final class FileCopies {
  private static final LinkOption[] NOFOLLOW = {LinkOption.NOFOLLOW_LINKS};

  private static volatile @Nullable FileCopy files;

  private FileCopies() {}

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
    FileCopy files = policy == null || hasSecurityManager() ? null : filesOf(Platform.calls());
    if (files != null && policy != null) {
      byte[] from = RawPath.of(source);
      byte[] to = RawPath.of(target);
      if (from != null && to != null && files.copy(source, from, target, to, policy)) {
        return true;
      }
    }
    observeLeft(source, target, true, policy, files);
    return false;
  }

  /** Native code by which directories can be held open, waited for; null if there is none. */
  public static @Nullable SystemCalls callsForDirectories() {
    SystemCalls calls = loaded();
    FileCopy files = filesOf(calls);
    return files != null && files.hasProc() ? calls : null;
  }

  /**
   * Copies a file of a tree, which gets no right to run as its owner or group before these are
   * copied.
   *
   * @param source what the file is called, in exceptions and events
   * @param from where it is
   * @param target what the copy is called
   * @param to where it comes
   * @param key set to {@link dev.copyoffload.linux.FileStatus#key()} of the copy, or null
   * @return whether the copy is done; false as {@link #copy} says
   * @throws IOException what the JDK would throw, or that an option cannot be honoured
   */
  public static boolean copyInTree(
      SystemCalls calls,
      Path source,
      Path from,
      Path target,
      Path to,
      @Nullable AtomicReference<Object> key,
      CopyOption... options)
      throws IOException {
    CopyPolicy asked = CopyPolicy.ofCopy(options);
    CopyPolicy policy = asked == null ? null : asked.inTree(key);
    FileCopy files = filesOf(calls);
    if (policy != null
        && files != null
        && files.copy(source, RawPath.ofAny(from), target, RawPath.ofAny(to), policy)) {
      return true;
    }
    observeLeft(source, target, true, policy, files);
    return false;
  }

  /** A name that no file has, for one that is to get another at once. */
  public static String nameBeside() {
    return StagedTarget.PREFIX + Long.toHexString(ThreadLocalRandom.current().nextLong());
  }

  /** Whether all options are those of copies within the default file system. */
  public static boolean areKnown(CopyOption... options) {
    return CopyPolicy.ofCopy(options) != null;
  }

  /** Counts a copy that the JDK does, and says why if somebody records. */
  private static void observeLeft(
      Path source,
      Path target,
      boolean local,
      @Nullable CopyPolicy policy,
      @Nullable FileCopy files) {
    Object recorded = CopyObserver.copyLeftToJdk();
    if (recorded != null) {
      Reason why = local ? whyLeft(policy, files) : Reason.Rule.OTHER_PROVIDER;
      CopyObserver.left(recorded, source, target, why);
    }
  }

  private static Reason whyLeft(@Nullable CopyPolicy policy, @Nullable FileCopy files) {
    if (policy == null) {
      return Reason.Rule.OPTION;
    }
    if (files != null) {
      return Reason.Rule.FILE;
    }
    if (hasSecurityManager()) {
      return Reason.Rule.SECURITY_MANAGER;
    }
    return Platform.isUnavailable() ? Reason.Rule.UNAVAILABLE : Reason.Rule.NOT_LOADED;
  }

  /** The copy of the JDK or of another provider, which knows no option of ours. */
  @FunctionalInterface
  public interface OtherCopy {
    void copy(Path source, Path target, CopyOption... options) throws IOException;
  }

  /** Whether a copy has options of ours, and so must go through {@link #copyAsDemanded}. */
  public static boolean hasDemands(@Nullable CopyOption... options) {
    // Most copies have none, and load no class to find out.
    return options.length > 0 && CopyPolicy.hasOurs(options);
  }

  /**
   * Judges options before anything is done.
   *
   * @throws IllegalArgumentException if they contradict each other
   */
  public static void requireConsistent(@Nullable CopyOption... options) {
    if (hasDemands(options)) {
      OffloadOptions.of(options);
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
    OffloadOptions demands = OffloadOptions.of(options);
    CopyPolicy policy = CopyPolicy.ofCopy(options);
    boolean follow = !Arrays.asList(options).contains(LinkOption.NOFOLLOW_LINKS);
    SystemCalls calls = policy == null || !local ? null : loaded();
    FileCopy files = filesOf(calls);
    if (policy != null && files != null) {
      if (files.copy(source, RawPath.ofAny(source), target, RawPath.ofAny(target), policy)) {
        return;
      }
    } else if (policy != null) {
      refuseBroken(source, target, local, follow, demands);
    }
    observeLeft(source, target, local, policy, files);
    CopyProgress progress = demands.progress();
    boolean same = progress != null && isSame(source, target, follow);
    other.copy(source, target, OffloadOptions.withoutOurs(options));
    if (progress != null) {
      tell(source, target, progress, !same);
    }
  }

  /**
   * Shares the extents of two files, or of ranges of them, that hold the same bytes.
   *
   * @param span null for whole files
   * @param local whether both paths are of the JDK's built-in file system
   * @return bytes shared
   * @throws IOException if they differ or cannot be shared
   */
  public static long dedupe(Path source, Path target, @Nullable Range span, boolean local)
      throws IOException {
    SystemCalls calls = local ? loaded() : null;
    FileCopy files = filesOf(calls);
    if (calls == null || files == null) {
      throw Refusal.of(OffloadCopyOption.DEDUPE, whyNot(local), source, target);
    }
    byte[] from = RawPath.ofAny(source);
    byte[] to = RawPath.ofAny(target);
    return new Dedupe(calls, files).run(source, from, target, to, span, CopyPolicy.PLAIN);
  }

  private static @Nullable SystemCalls loaded() {
    return hasSecurityManager() ? null : Platform.load();
  }

  private static String whyNot(boolean local) {
    return local
        ? "no system call can be made: " + Platform.unavailabilityCause()
        : "a path is not of the default file system";
  }

  private static void refuseBroken(
      Path source, Path target, boolean local, boolean follow, OffloadOptions demands)
      throws IOException {
    LinkOption[] links = follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    OffloadCopyOption broken =
        demands.has(OffloadCopyOption.DEDUPE) || Files.isRegularFile(source, links)
            ? demands.brokenByJdk(local && Capability.JDK_SHARES)
            : null;
    if (broken != null) {
      throw Refusal.of(broken, whyNot(local), source, target);
    }
  }

  /** Whether a copy does nothing, since both are one file: a link as the target is itself. */
  private static boolean isSame(Path source, Path target, boolean follow) throws IOException {
    try {
      Object key = keyOf(source, follow ? new LinkOption[0] : NOFOLLOW);
      Object other = keyOf(target, NOFOLLOW);
      // Not every provider has keys.
      return (key == null || other == null) ? Files.isSameFile(source, target) : key.equals(other);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static @Nullable Object keyOf(Path file, LinkOption... options) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, options).fileKey();
  }

  /**
   * Tells of a copy that was not ours, when it is done.
   *
   * @param made whether the copy made the target, which goes if the listener wants it so
   */
  private static void tell(Path source, Path target, CopyProgress progress, boolean made)
      throws IOException {
    BasicFileAttributes done = Files.readAttributes(target, BasicFileAttributes.class, NOFOLLOW);
    long size = done.isRegularFile() ? done.size() : 0;
    Pace pace = new Pace(progress.listener(), Cancellation.NEVER, size);
    boolean kept = false;
    try {
      if (!pace.finished(size)) {
        pace.rethrow();
        throw new FileSystemException(
            source.toString(), target.toString(), "cancelled by CopyProgress");
      }
      kept = true;
    } finally {
      if (!kept && made) {
        takeBack(target, done.fileKey());
      }
    }
  }

  /** The listener may have taken its time, and the name be another file's by now. */
  private static void takeBack(Path target, @Nullable Object key) throws IOException {
    try {
      if (Objects.equals(key, keyOf(target, NOFOLLOW))) {
        Files.delete(target);
      }
    } catch (NoSuchFileException e) {
      // Then it is gone already.
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
    FileCopy files = policy == null || hasSecurityManager() ? null : filesOf(Platform.calls());
    if (files != null && policy != null) {
      byte[] from = RawPath.of(source);
      byte[] to = RawPath.of(target);
      if (from != null && to != null && files.move(source, from, target, to, policy)) {
        return true;
      }
    }
    CopyObserver.moveLeftToJdk();
    return false;
  }

  private static @Nullable FileCopy filesOf(@Nullable SystemCalls calls) {
    if (calls == null) {
      return null;
    }
    FileCopy current = files;
    return current == null ? makeFiles(calls) : current;
  }

  private static synchronized FileCopy makeFiles(SystemCalls calls) {
    FileCopy current = files;
    if (current == null) {
      current = new FileCopy(calls);
      files = current;
      CopyObserver.loaded();
    }
    return current;
  }

  /** The JDK asks it for every path; so must the JDK's code run. */
  @SuppressWarnings("removal")
  private static boolean hasSecurityManager() {
    return System.getSecurityManager() != null;
  }
}
