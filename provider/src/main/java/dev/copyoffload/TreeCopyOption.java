package dev.copyoffload;

import java.nio.file.CopyOption;

/** How a directory tree is copied, beside what each of its files is copied with. */
public enum TreeCopyOption implements CopyOption {
  /**
   * Copies all that can be copied, and throws a {@link TreeCopyException} at the end if something
   * could not. Without this option the first failure ends the copy.
   */
  CONTINUE_ON_FAILURE
}
