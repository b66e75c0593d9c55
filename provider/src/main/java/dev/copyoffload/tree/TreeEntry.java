package dev.copyoffload.tree;

import static dev.copyoffload.linux.Constants.PERMISSION_BITS;
import static dev.copyoffload.linux.Constants.S_IFDIR;
import static dev.copyoffload.linux.Constants.S_IFLNK;
import static dev.copyoffload.linux.Constants.S_IFMT;
import static dev.copyoffload.linux.Constants.S_IFREG;
import static java.util.Objects.requireNonNull;

import dev.copyoffload.linux.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A file of the source, as one stat(2) shows it.
 *
 * @param in where it was found, or null for the topmost one
 * @param source what programs call it
 * @param target what programs call its copy
 * @param size bytes
 * @param mode twelve permission bits, or {@link #NO_MODE}
 * @param links how many names it has; 1 where that is not known
 * @param key what identifies a directory, or a file with several names; else null
 */
record TreeEntry(
    @Nullable Directory in,
    Path source,
    Path target,
    Kind kind,
    long size,
    int mode,
    int links,
    @Nullable Object key) {

  enum Kind {
    DIRECTORY,
    FILE,
    LINK,
    SPECIAL
  }

  /** Where there are no attributes of Unix. */
  static final int NO_MODE = -1;

  private static final LinkOption NOFOLLOW = LinkOption.NOFOLLOW_LINKS;

  /** What the kernel says of a file in a directory that is held open. */
  static TreeEntry of(Directory in, Path source, Path target, FileStatus read) {
    Kind kind = kind(read.mode());
    Object key = kind == Kind.DIRECTORY ? read.key() : read.links() > 1 ? read.lastingKey() : null;
    return new TreeEntry(
        in, source, target, kind, read.size(), read.mode() & PERMISSION_BITS, read.links(), key);
  }

  /** Reads attributes, those of Unix if {@code unix} says that there are such. */
  static TreeEntry of(@Nullable Directory in, Path source, Path target, boolean unix)
      throws IOException {
    if (unix) {
      return of(
          in,
          source,
          target,
          Files.readAttributes(source, "unix:mode,nlink,size,fileKey,ctime", NOFOLLOW));
    }
    BasicFileAttributes read = Files.readAttributes(source, BasicFileAttributes.class, NOFOLLOW);
    Kind kind =
        read.isDirectory()
            ? Kind.DIRECTORY
            : read.isRegularFile() ? Kind.FILE : read.isSymbolicLink() ? Kind.LINK : Kind.SPECIAL;
    return new TreeEntry(in, source, target, kind, read.size(), NO_MODE, 1, read.fileKey());
  }

  private static TreeEntry of(
      @Nullable Directory in, Path source, Path target, Map<String, Object> read) {
    int mode = (Integer) requireNonNull(read.get("mode"));
    int links = (Integer) requireNonNull(read.get("nlink"));
    Kind kind = kind(mode);
    Object file = read.get("fileKey");
    // The number of a file that is gone becomes another's; never with the time of its last change.
    Object key =
        kind == Kind.DIRECTORY || file == null
            ? file
            : List.of(file, requireNonNull(read.get("ctime")));
    return new TreeEntry(
        in,
        source,
        target,
        kind,
        (Long) requireNonNull(read.get("size")),
        mode & PERMISSION_BITS,
        links,
        key);
  }

  private static Kind kind(int mode) {
    return switch (mode & S_IFMT) {
      case S_IFDIR -> Kind.DIRECTORY;
      case S_IFREG -> Kind.FILE;
      case S_IFLNK -> Kind.LINK;
      default -> Kind.SPECIAL;
    };
  }

  /** Whether other files of the tree may be this one by another name. */
  boolean isLinked() {
    return kind == Kind.FILE && links > 1 && key != null;
  }

  /** Whether a permission bit is set. */
  boolean has(int bits) {
    return mode != NO_MODE && (mode & bits) != 0;
  }
}
