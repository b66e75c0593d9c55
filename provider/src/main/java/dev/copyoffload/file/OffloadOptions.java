package dev.copyoffload.file;

import dev.copyoffload.CopyProgress;
import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.engine.FilePolicy;
import java.nio.file.CopyOption;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What those options of a copy ask for that the JDK does not know.
 *
 * @param options without {@link #progress}
 * @param progress who is told, or null
 */
record OffloadOptions(Set<OffloadCopyOption> options, @Nullable CopyProgress progress) {

  /**
   * Sorts out ours.
   *
   * @throws IllegalArgumentException if they contradict each other or the JDK's
   */
  static OffloadOptions of(@Nullable CopyOption... all) {
    Set<OffloadCopyOption> options = EnumSet.noneOf(OffloadCopyOption.class);
    CopyProgress progress = null;
    boolean changesTarget = false;
    for (CopyOption option : all) {
      if (option instanceof OffloadCopyOption ours) {
        options.add(ours);
      } else if (option instanceof CopyProgress told) {
        if (progress != null && progress != told) {
          throw new IllegalArgumentException("more than one CopyProgress");
        }
        progress = told;
      } else {
        changesTarget |= option instanceof StandardCopyOption;
      }
    }
    if (options.contains(OffloadCopyOption.DEDUPE) && (changesTarget || options.size() > 1)) {
      throw new IllegalArgumentException("DEDUPE leaves the target as it is: " + List.of(all));
    }
    if (options.contains(OffloadCopyOption.REFLINK)) {
      refuse(options, OffloadCopyOption.REFLINK, OffloadCopyOption.NO_REFLINK);
      refuse(options, OffloadCopyOption.REFLINK, OffloadCopyOption.SPARSE_ALWAYS);
      refuse(options, OffloadCopyOption.REFLINK, OffloadCopyOption.SPARSE_NEVER);
    }
    refuse(options, OffloadCopyOption.SPARSE_ALWAYS, OffloadCopyOption.SPARSE_NEVER);
    return new OffloadOptions(options, progress);
  }

  private static void refuse(
      Set<OffloadCopyOption> options, OffloadCopyOption one, OffloadCopyOption other) {
    if (options.contains(one) && options.contains(other)) {
      throw new IllegalArgumentException(one + " contradicts " + other);
    }
  }

  /** What the JDK is given of the options. */
  static CopyOption[] withoutOurs(@Nullable CopyOption... options) {
    List<@Nullable CopyOption> kept = new ArrayList<>();
    for (CopyOption option : options) {
      if (!CopyPolicy.isOurs(option)) {
        kept.add(option);
      }
    }
    // A null among them is the JDK's to complain of.
    @SuppressWarnings("NullAway")
    CopyOption[] array = kept.toArray(CopyOption[]::new);
    return array;
  }

  boolean has(OffloadCopyOption option) {
    return options.contains(option);
  }

  FilePolicy forEngine() {
    return new FilePolicy(
        has(OffloadCopyOption.REFLINK),
        has(OffloadCopyOption.NO_REFLINK),
        has(OffloadCopyOption.SPARSE_ALWAYS),
        has(OffloadCopyOption.SPARSE_NEVER));
  }

  /**
   * An option that a copy by the JDK's own code would break, or null.
   *
   * @param mayShare whether that code may share extents, which from JDK 20 on it does within its
   *     own file system
   */
  @Nullable OffloadCopyOption brokenByJdk(boolean mayShare) {
    for (OffloadCopyOption option : options) {
      boolean broken =
          switch (option) {
            case REFLINK, ATOMIC_TARGET, DEDUPE -> true;
            case NO_REFLINK, SPARSE_NEVER -> mayShare;
            // The bytes are the same, they only take more room.
            case SPARSE_ALWAYS -> false;
          };
      if (broken) {
        return option;
      }
    }
    return null;
  }
}
