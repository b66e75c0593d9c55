package dev.copyoffload;

import java.nio.file.CopyOption;

/**
 * How a file's bytes get into its copy, for {@link java.nio.file.Files#copy(java.nio.file.Path,
 * java.nio.file.Path, CopyOption...)} where this provider is installed, and for {@link
 * CopyOffload#copy} everywhere. Without any of them a copy is like {@code cp --reflink=auto
 * --sparse=auto}.
 *
 * <p>Options that contradict each other are an {@link IllegalArgumentException}. What cannot be
 * done is a {@link java.nio.file.FileSystemException} whose reason names the option, the call and
 * the file system; the target is then as it was. A copy with any of these options waits for native
 * code. Directories, symbolic links and special files have no bytes to copy: there these options
 * ask for nothing, but for {@link #DEDUPE}, which needs two regular files.
 */
public enum OffloadCopyOption implements CopyOption {
  /**
   * Shares the source's extents, with ioctl_ficlone(2), or fails. An empty file has nothing to
   * share and is copied. Contradicts the sparse options: a clone has the holes of its source.
   */
  REFLINK,

  /**
   * Stores every byte a second time, against damage of the medium: neither by FICLONE nor by
   * copy_file_range(2), which shares where it can. The file system may still deduplicate by itself.
   */
  NO_REFLINK,

  /**
   * Makes a hole of each block that holds zeros only, as {@code cp --sparse=always}. Extents are
   * not shared even where they could be, since a clone keeps the zeros of its source.
   */
  SPARSE_ALWAYS,

  /** Writes zeros where the source has holes. Extents are not shared: a clone has holes. */
  SPARSE_NEVER,

  /**
   * Lets nobody see an incomplete target: its name comes to be, or comes to mean the new file, when
   * all bytes and, with {@code COPY_ATTRIBUTES}, all attributes are there. With {@code
   * REPLACE_EXISTING} there is always a complete file of that name, the old one or the new one.
   *
   * <p>A process that is killed leaves nothing else behind where the file system has {@code
   * O_TMPFILE}; but a replacement has for an instant, complete, a second name {@code
   * .copyoffload-*} in the target's directory. Elsewhere the copy grows under such a name. Nothing
   * is said of power failures: there is no fsync(2).
   */
  ATOMIC_TARGET,

  /**
   * Shares the extents of two files that hold the same bytes, which the kernel compares; the target
   * exists, and neither its bytes nor its attributes change. See {@link CopyOffload#dedupe}.
   * Contradicts every other option, but for {@code NOFOLLOW_LINKS}, {@code INTERRUPTIBLE} and
   * {@link CopyProgress}.
   */
  DEDUPE
}
