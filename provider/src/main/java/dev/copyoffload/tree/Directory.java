package dev.copyoffload.tree;

import dev.copyoffload.file.KnownDirectory;
import dev.copyoffload.file.OpenDirectory;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A directory of the source and its copy. Safe for use by many threads.
 *
 * @param entry the one of the source
 * @param from the same as the kernel knows it, or null where only names can be used
 * @param to the copy, likewise
 */
record Directory(TreeEntry entry, @Nullable KnownDirectory from, @Nullable KnownDirectory to) {

  /** Opens both for use by one thread; what is open at a time is what threads work in. */
  Open open() throws IOException {
    if (from == null || to == null) {
      return new Open(this, null, null);
    }
    OpenDirectory source = from.open();
    try {
      return new Open(this, source, to.open());
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** Both while they are held open, or by their names where they cannot be. */
  record Open(Directory directory, @Nullable OpenDirectory from, @Nullable OpenDirectory to)
      implements AutoCloseable {

    /** The path of the source as long as this is open. */
    Path source() {
      return from == null ? directory.entry.source() : from.path();
    }

    /** The path of the target as long as this is open. */
    Path target() {
      return to == null ? directory.entry.target() : to.path();
    }

    /** The path of a file in here as long as this is open. */
    Path sourceOf(TreeEntry file) {
      return from == null ? file.source() : from.at(file.source());
    }

    /** The path of its copy as long as this is open. */
    Path targetOf(TreeEntry file) {
      return to == null ? file.target() : to.at(file.target());
    }

    /** An exception with the names that programs know. */
    IOException named(IOException e) {
      if (from == null || !(e instanceof FileSystemException failure)) {
        return e;
      }
      String file = named(failure.getFile());
      String other = named(failure.getOtherFile());
      String reason = failure.getReason();
      if (Objects.equals(file, failure.getFile())
          && Objects.equals(other, failure.getOtherFile())) {
        return e;
      }
      FileSystemException named;
      if (e instanceof AccessDeniedException) {
        named = new AccessDeniedException(file, other, reason);
      } else if (e instanceof NoSuchFileException) {
        named = new NoSuchFileException(file, other, reason);
      } else if (e instanceof FileAlreadyExistsException) {
        named = new FileAlreadyExistsException(file, other, reason);
      } else if (e instanceof NotLinkException) {
        named = new NotLinkException(file, other, reason);
      } else if (e instanceof DirectoryNotEmptyException) {
        named = new DirectoryNotEmptyException(file);
      } else if (e instanceof NotDirectoryException) {
        named = new NotDirectoryException(file);
      } else {
        named = new FileSystemException(file, other, reason);
      }
      named.initCause(e);
      return named;
    }

    private @Nullable String named(@Nullable String path) {
      return named(
          named(path, source(), directory.entry.source()), target(), directory.entry.target());
    }

    private static @Nullable String named(@Nullable String path, Path held, Path known) {
      if (path == null || !path.startsWith(held.toString())) {
        return path;
      }
      String rest = path.substring(held.toString().length());
      // Not the 1 of a 12.
      return rest.isEmpty() || rest.startsWith("/") ? known + rest : path;
    }

    @Override
    public void close() {
      if (from != null) {
        from.close();
      }
      if (to != null) {
        to.close();
      }
    }
  }
}
