package dev.copyoffload.file;

import static dev.copyoffload.linux.Constants.O_CLOEXEC;
import static dev.copyoffload.linux.Constants.O_NOFOLLOW;
import static dev.copyoffload.linux.Constants.O_RDONLY;
import static dev.copyoffload.linux.Constants.PERMISSION_BITS;
import static dev.copyoffload.linux.Constants.SET_USER_OR_GROUP;

import dev.copyoffload.CopyProgress;
import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.engine.Cancellation;
import dev.copyoffload.linux.FileStatus;
import java.nio.file.CopyOption;
import java.nio.file.LinkOption;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What the options of one copy or move ask for.
 *
 * @param replaceExisting remove a target that is there
 * @param copyAttributes owner, group, mode, times and extended attributes too
 * @param followLinks copy what a symbolic link leads to
 * @param interruptible stop when the thread is interrupted
 * @param ofTree create files without the right to run as their owner or group, as {@code cp -r}:
 *     they have another owner until attributes are copied
 * @param keyOfTarget set to the key of what has been created, if anybody wants it
 * @param demands what our own options ask for, or null if there are none
 */
record CopyPolicy(
    boolean replaceExisting,
    boolean copyAttributes,
    boolean followLinks,
    boolean interruptible,
    boolean ofTree,
    @Nullable AtomicReference<Object> keyOfTarget,
    @Nullable OffloadOptions demands) {

  static final CopyPolicy PLAIN = new CopyPolicy(false, false, true, false);

  CopyPolicy(
      boolean replaceExisting, boolean copyAttributes, boolean followLinks, boolean interruptible) {
    this(replaceExisting, copyAttributes, followLinks, interruptible, false, null, null);
  }

  /**
   * Null if an option is one that the JDK must judge, because it rejects it or we do not know it.
   *
   * @throws IllegalArgumentException if options of ours contradict others
   */
  static @Nullable CopyPolicy ofCopy(CopyOption... options) {
    if (options.length == 0) {
      return PLAIN;
    }
    boolean replaceExisting = false;
    boolean copyAttributes = false;
    boolean followLinks = true;
    boolean interruptible = false;
    boolean demanding = false;
    for (CopyOption option : options) {
      if (option == StandardCopyOption.REPLACE_EXISTING) {
        replaceExisting = true;
      } else if (option == StandardCopyOption.COPY_ATTRIBUTES) {
        copyAttributes = true;
      } else if (option == LinkOption.NOFOLLOW_LINKS) {
        followLinks = false;
      } else if (isInterruptible(option)) {
        interruptible = true;
      } else if (isOurs(option)) {
        demanding = true;
      } else {
        return null;
      }
    }
    return new CopyPolicy(
        replaceExisting,
        copyAttributes,
        followLinks,
        interruptible,
        false,
        null,
        demanding ? OffloadOptions.of(options) : null);
  }

  /** Null if an option is one that the JDK must judge, or asks for a rename and nothing else. */
  static @Nullable CopyPolicy ofMove(CopyOption... options) {
    boolean replaceExisting = false;
    for (CopyOption option : options) {
      if (option == StandardCopyOption.REPLACE_EXISTING) {
        replaceExisting = true;
      } else if (option != LinkOption.NOFOLLOW_LINKS) {
        return null;
      }
    }
    return new CopyPolicy(replaceExisting, true, false, false);
  }

  /** Whether an option is one of ours. */
  static boolean hasOurs(@Nullable CopyOption... options) {
    for (CopyOption option : options) {
      if (option != null
          && !(option instanceof StandardCopyOption)
          && !(option instanceof LinkOption)
          && isOurs(option)) {
        return true;
      }
    }
    return false;
  }

  static boolean isOurs(@Nullable CopyOption option) {
    return option instanceof OffloadCopyOption || option instanceof CopyProgress;
  }

  /** By name: the class is in jdk.unsupported, which a runtime image may lack. */
  private static boolean isInterruptible(@Nullable CopyOption option) {
    return option instanceof Enum<?> constant
        && constant.name().equals("INTERRUPTIBLE")
        && constant.getDeclaringClass().getName().equals("com.sun.nio.file.ExtendedCopyOption");
  }

  /** For a file of a tree, what is asked for of all its files. */
  CopyPolicy inTree(@Nullable AtomicReference<Object> wantedKey) {
    return new CopyPolicy(
        replaceExisting, copyAttributes, followLinks, interruptible, true, wantedKey, demands);
  }

  /** What ends a copy early, but for a listener. */
  Cancellation cancellation() {
    Thread thread = Thread.currentThread();
    return interruptible ? thread::isInterrupted : Cancellation.NEVER;
  }

  /** Tells somebody of a copy of so many bytes, or null if nobody wants to know. */
  @Nullable Pace pace(long size) {
    CopyProgress progress = demands == null ? null : demands.progress();
    return progress == null ? null : new Pace(progress.listener(), cancellation(), size);
  }

  /** What a target is created with. */
  int modeOf(FileStatus source) {
    return source.mode() & PERMISSION_BITS & (ofTree ? ~SET_USER_OR_GROUP : -1);
  }

  /** What a source is opened with: a link that took the file's place meanwhile is not followed. */
  int flagsForSource() {
    return O_RDONLY | O_CLOEXEC | (followLinks ? 0 : O_NOFOLLOW);
  }
}
