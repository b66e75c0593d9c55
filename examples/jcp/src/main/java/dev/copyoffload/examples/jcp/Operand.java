package dev.copyoffload.examples.jcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file as the user names it. A {@link Path} forgets trailing slashes, and takes an empty name for
 * the working directory.
 */
record Operand(String name) {
  /** What is copied, or copied to. */
  Path path() {
    // A link with a slash behind it is the directory that it leads to.
    return mustBeDirectory() && Files.isSymbolicLink(Path.of(name))
        ? Path.of(name + ".")
        : Path.of(name);
  }

  boolean mustBeDirectory() {
    return name.endsWith("/");
  }

  /** The file in a directory that has the last part of a source's name. */
  Operand childFor(Operand source) {
    String stripped = source.name.replaceAll("/+$", "");
    String last = stripped.substring(stripped.lastIndexOf('/') + 1);
    // "cp -r x/.. d" fills d, and does not leave it.
    String child = last.equals("..") ? "" : last;
    return new Operand(mustBeDirectory() ? name + child : name + "/" + child);
  }

  /** As stat(2) or lstat(2) finds it. */
  BasicFileAttributes attributes(LinkOption... links) throws IOException {
    if (name.isEmpty()) {
      throw new NoSuchFileException(name);
    }
    BasicFileAttributes found;
    try {
      found = Files.readAttributes(path(), BasicFileAttributes.class, links);
    } catch (NoSuchFileException e) {
      // JDK 25 says so as well where it meets a file instead of a directory on the way.
      Path parent = path().getParent();
      if (parent != null && Files.exists(parent) && !Files.isDirectory(parent)) {
        throw new NotDirectoryException(name);
      }
      throw e;
    }
    if (mustBeDirectory() && !found.isDirectory()) {
      throw new NotDirectoryException(name);
    }
    return found;
  }

  boolean isDirectory() {
    return !name.isEmpty() && Files.isDirectory(path());
  }

  /** In the quotes of cp's messages. */
  @Override
  public String toString() {
    return "'" + name + "'";
  }
}
