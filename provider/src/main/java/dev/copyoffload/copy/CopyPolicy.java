package dev.copyoffload.copy;

import java.nio.file.CopyOption;
import java.nio.file.LinkOption;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * What the options of one copy or move ask for.
 *
 * @param replaceExisting remove a target that is there
 * @param copyAttributes owner, group, mode, times and extended attributes too
 * @param followLinks copy what a symbolic link leads to
 * @param interruptible stop when the thread is interrupted
 * @param demands what our own options ask for, or null if there are none
 */
record CopyPolicy(
    boolean replaceExisting,
    boolean copyAttributes,
    boolean followLinks,
    boolean interruptible,
    @Nullable Demands demands) {

  CopyPolicy(
      boolean replaceExisting, boolean copyAttributes, boolean followLinks, boolean interruptible) {
    this(replaceExisting, copyAttributes, followLinks, interruptible, null);
  }

  /**
   * Null if an option is one that the JDK must judge, because it rejects it or we do not know it.
   *
   * @throws IllegalArgumentException if options of ours contradict others
   */
  static @Nullable CopyPolicy ofCopy(CopyOption... options) {
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
      } else if (Demands.isOurs(option)) {
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
        demanding ? Demands.of(options) : null);
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

  /** By name: the class is in jdk.unsupported, which a runtime image may lack. */
  private static boolean isInterruptible(@Nullable CopyOption option) {
    return option instanceof Enum<?> constant
        && constant.name().equals("INTERRUPTIBLE")
        && constant.getDeclaringClass().getName().equals("com.sun.nio.file.ExtendedCopyOption");
  }
}
