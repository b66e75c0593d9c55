package dev.copyoffload.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of the source, as one stat(2) shows it.
 *
 * @param size bytes
 * @param key what identifies the file among all of its file system, or null
 * @param linked whether it has other names too
 * @param permissions null where there are none
 */
record Node(
    Path source,
    Path target,
    Kind kind,
    long size,
    @Nullable Object key,
    boolean linked,
    @Nullable Set<PosixFilePermission> permissions) {

  enum Kind {
    DIRECTORY,
    FILE,
    LINK,
    SPECIAL
  }

  private static final String UNIX = "unix:isDirectory,isRegularFile,isSymbolicLink,size,fileKey";
  private static final String FILE = UNIX + ",nlink";
  private static final String DIRECTORY = UNIX + ",nlink,permissions";

  /** Reads attributes, those of Unix if {@code unix} says that there are such. */
  static Node of(Path source, Path target, boolean unix) throws IOException {
    return unix ? ofUnix(source, target, FILE) : ofBasic(source, target);
  }

  /** The same with permissions, for a directory. */
  static Node withPermissions(Path source, Path target, boolean unix) throws IOException {
    return unix ? ofUnix(source, target, DIRECTORY) : ofBasic(source, target);
  }

  @SuppressWarnings("unchecked") // as the attribute is specified
  private static Node ofUnix(Path source, Path target, String names) throws IOException {
    Map<String, Object> read = Files.readAttributes(source, names, LinkOption.NOFOLLOW_LINKS);
    return new Node(
        source,
        target,
        kind(
            Boolean.TRUE.equals(read.get("isDirectory")),
            Boolean.TRUE.equals(read.get("isRegularFile")),
            Boolean.TRUE.equals(read.get("isSymbolicLink"))),
        read.get("size") instanceof Long size ? size : 0,
        read.get("fileKey"),
        read.get("nlink") instanceof Integer links && links > 1,
        (Set<PosixFilePermission>) read.get("permissions"));
  }

  private static Node ofBasic(Path source, Path target) throws IOException {
    BasicFileAttributes read =
        Files.readAttributes(source, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return new Node(
        source,
        target,
        kind(read.isDirectory(), read.isRegularFile(), read.isSymbolicLink()),
        read.size(),
        read.fileKey(),
        false,
        null);
  }

  private static Kind kind(boolean directory, boolean file, boolean link) {
    if (directory) {
      return Kind.DIRECTORY;
    }
    return file ? Kind.FILE : link ? Kind.LINK : Kind.SPECIAL;
  }
}
