package dev.copyoffload.tree;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.copyoffload.CopyProgress;
import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.TreeCopyOption;
import dev.copyoffload.file.FileCopies;
import java.nio.file.CopyOption;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the options of one tree copy ask for.
 *
 * @param replaceExisting merge into directories that are there, and replace files
 * @param copyAttributes owner, group, mode, times and extended attributes too, as far as the JDK
 *     copies them
 * @param continueOnFailure copy what can be copied
 * @param progress who is told of the whole tree, or null
 * @param forFiles what each regular file is copied with: also options that only its copy knows
 * @param forLinks what links are copied with
 */
record TreePolicy(
    boolean replaceExisting,
    boolean copyAttributes,
    boolean continueOnFailure,
    @Nullable CopyProgress progress,
    List<CopyOption> forFiles,
    List<CopyOption> forLinks) {

  /**
   * Sorts the options.
   *
   * @throws UnsupportedOperationException if one is for moves or for single files only
   * @throws IllegalArgumentException if options contradict each other
   */
  static TreePolicy of(CopyOption... options) {
    FileCopies.requireConsistent(options);
    boolean continueOnFailure = false;
    CopyProgress progress = null;
    List<CopyOption> forFiles = new ArrayList<>(List.of(NOFOLLOW_LINKS));
    List<CopyOption> forLinks = new ArrayList<>(List.of(NOFOLLOW_LINKS));
    for (CopyOption option : options) {
      Objects.requireNonNull(option, "option");
      if (option == StandardCopyOption.ATOMIC_MOVE) {
        throw new UnsupportedOperationException("ATOMIC_MOVE: a tree is copied file by file");
      }
      if (option == OffloadCopyOption.DEDUPE) {
        throw new UnsupportedOperationException("DEDUPE: takes one file");
      }
      if (option instanceof CopyProgress told) {
        progress = told;
      } else if (option == TreeCopyOption.CONTINUE_ON_FAILURE) {
        continueOnFailure = true;
      } else if (option != NOFOLLOW_LINKS) {
        forFiles.add(option);
        if (option instanceof StandardCopyOption) {
          forLinks.add(option);
        }
      }
    }
    return new TreePolicy(
        forFiles.contains(StandardCopyOption.REPLACE_EXISTING),
        forFiles.contains(StandardCopyOption.COPY_ATTRIBUTES),
        continueOnFailure,
        progress,
        List.copyOf(forFiles),
        List.copyOf(forLinks));
  }
}
