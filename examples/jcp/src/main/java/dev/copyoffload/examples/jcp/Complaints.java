package dev.copyoffload.examples.jcp;

import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.TreeCopyException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Says on standard error what could not be copied, in the words of cp(1). */
final class Complaints {
  private static final String CLONE = OffloadCopyOption.REFLINK + ": ";
  private static final String DEDUPE = OffloadCopyOption.DEDUPE + ": ";

  private final PrintWriter err;
  private boolean any;

  Complaints(PrintWriter err) {
    this.err = err;
  }

  /** Whether there were any. */
  boolean any() {
    return any;
  }

  void add(String complaint) {
    any = true;
    err.println("jcp: " + complaint);
    err.flush();
  }

  /** Explains why a copy failed, or each of its files that did. */
  void add(IOException failure, Operand source, Operand target) {
    if (failure instanceof TreeCopyException tree) {
      tree.failures().forEach(each -> add(each, source, target));
      long untold = tree.count() - tree.failures().size();
      if (untold > 0) {
        add(source + ": " + untold + " more files were not copied");
      }
    } else if (failure instanceof FileSystemException named && named.getFile() != null) {
      add(explanation(named, source.path(), target.path()));
    } else {
      add("error copying " + source + " to " + target + ": " + reason(failure));
    }
  }

  private static String explanation(FileSystemException failure, Path source, Path target) {
    Path file = Path.of(failure.getFile());
    String quoted = "'" + file + "'";
    String reason = reason(failure);
    if (failure.getOtherFile() != null) {
      String other = "'" + failure.getOtherFile() + "'";
      if (reason.startsWith(CLONE)) {
        return "failed to clone %s from %s: %s".formatted(other, quoted, without(CLONE, reason));
      }
      if (reason.startsWith(DEDUPE)) {
        return "failed to share %s with %s: %s".formatted(other, quoted, without(DEDUPE, reason));
      }
      return "error copying %s to %s: %s".formatted(quoted, other, reason);
    }
    if (failure instanceof DirectoryNotEmptyException) {
      return "cannot overwrite directory " + quoted + " with non-directory";
    }
    if (file.startsWith(source)) {
      return Files.isDirectory(file)
          ? "cannot access %s: %s".formatted(quoted, reason)
          : "cannot open %s for reading: %s".formatted(quoted, reason);
    }
    Path original = file.startsWith(target) ? source.resolve(target.relativize(file)) : source;
    String kind = Files.isDirectory(original) ? "directory" : "regular file";
    return "cannot create %s %s: %s".formatted(kind, quoted, reason);
  }

  private static String without(String prefix, String reason) {
    return reason.substring(prefix.length());
  }

  /** What strerror(3) would say; for some errors the JDK has a class instead. */
  static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "No such file or directory";
    }
    if (failure instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (failure instanceof NotDirectoryException) {
      return "Not a directory";
    }
    String reason =
        failure instanceof FileSystemException named ? named.getReason() : failure.getMessage();
    return reason == null ? failure.toString() : reason;
  }
}
