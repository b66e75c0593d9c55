package dev.copyoffload.tree;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.nio.file.CopyOption;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the options of one tree copy ask for.
 *
 * @param replaceExisting merge into directories that are there, and replace files
 * @param copyAttributes owner, group, mode, times and extended attributes too, as far as the JDK
 *     copies them
 * @param continueOnFailure copy what can be copied
 * @param forFiles what each regular file is copied with: also options that only its copy knows
 * @param forLinks what links are copied with
 */
record TreePolicy(
    boolean replaceExisting,
    boolean copyAttributes,
    boolean continueOnFailure,
    List<CopyOption> forFiles,
    List<CopyOption> forLinks) {

  /**
   * Sorts the options.
   *
   * @throws UnsupportedOperationException if one is for moves only
   */
  static TreePolicy of(CopyOption... options) {
    boolean continueOnFailure = false;
    List<CopyOption> forFiles = new ArrayList<>(List.of(NOFOLLOW_LINKS));
    List<CopyOption> forLinks = new ArrayList<>(List.of(NOFOLLOW_LINKS));
    for (CopyOption option : options) {
      Objects.requireNonNull(option, "option");
      if (option == StandardCopyOption.ATOMIC_MOVE) {
        throw new UnsupportedOperationException("ATOMIC_MOVE: a tree is copied file by file");
      }
      if (option == TreeCopyOption.CONTINUE_ON_FAILURE) {
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
        List.copyOf(forFiles),
        List.copyOf(forLinks));
  }
}
