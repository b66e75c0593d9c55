package dev.copyoffload.examples.jcp;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.copyoffload.CopyOffload;
import dev.copyoffload.CopyProgress;
import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.TreeCopyOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Copies one operand after the other, and goes on where one cannot be copied. */
final class Copier {
  private final boolean recursive;
  private final boolean progress;
  private final List<CopyOption> options;
  private final Complaints complaints;
  private final Set<Path> made = new HashSet<>();

  Copier(boolean recursive, boolean progress, List<CopyOption> options, Complaints complaints) {
    this.recursive = recursive;
    this.progress = progress;
    this.options = options;
    this.complaints = complaints;
  }

  /** Copies into the destination if it is a directory; else it is what the one source becomes. */
  void copyAll(List<Operand> sources, Operand destination) {
    boolean into = destination.isDirectory();
    if (!into && sources.size() > 1) {
      complaints.add("target " + destination + ": " + whyNoDirectory(destination));
      return;
    }
    for (Operand source : sources) {
      Operand target = into ? destination.childFor(source) : destination;
      try {
        copy(source, target);
      } catch (IOException e) {
        complaints.add(e, source, target);
      }
    }
  }

  private static String whyNoDirectory(Operand operand) {
    try {
      operand.attributes();
      return "Not a directory";
    } catch (IOException e) {
      return Complaints.reason(e);
    }
  }

  private void copy(Operand source, Operand target) throws IOException {
    BasicFileAttributes from;
    BasicFileAttributes to;
    LinkOption[] links =
        recursive && !source.mustBeDirectory()
            ? new LinkOption[] {NOFOLLOW_LINKS}
            : new LinkOption[0];
    try {
      from = source.attributes(links);
    } catch (IOException e) {
      complaints.add("cannot stat " + source + ": " + Complaints.reason(e));
      return;
    }
    if (from.isDirectory() && !recursive) {
      complaints.add("-r not specified; omitting directory " + source);
      return;
    }
    try {
      to = existing(target);
    } catch (IOException e) {
      complaints.add("cannot stat " + target + ": " + Complaints.reason(e));
      return;
    }
    String obstacle = obstacle(source, from, target, to);
    if (obstacle != null) {
      complaints.add(obstacle);
      return;
    }
    Path file = target.path();
    if (to != null && to.isRegularFile() && !from.isSymbolicLink() && Files.isSymbolicLink(file)) {
      // A link stays, as with cp: the file that it leads to is replaced.
      file = file.toRealPath();
    }
    if (!from.isDirectory()) {
      made.add(target.path());
    }
    transfer(source, from, file, to);
  }

  private static @Nullable BasicFileAttributes existing(Operand target) throws IOException {
    try {
      return target.attributes();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** What forbids a copy, so that it must not be begun, or null. */
  private @Nullable String obstacle(
      Operand source, BasicFileAttributes from, Operand target, @Nullable BasicFileAttributes to)
      throws IOException {
    Path sourcePath = source.path();
    if (to == null) {
      if (Files.isSymbolicLink(target.path()) && from.isDirectory()) {
        return "cannot overwrite non-directory " + target + " with directory " + source;
      }
      if (Files.isSymbolicLink(target.path()) && !from.isSymbolicLink()) {
        return "not writing through dangling symlink " + target;
      }
      if (target.name().isEmpty() || (target.mustBeDirectory() && !from.isDirectory())) {
        String why = target.name().isEmpty() ? "No such file or directory" : "Not a directory";
        return "cannot create regular file " + target + ": " + why;
      }
    } else if (Files.exists(sourcePath) && Files.isSameFile(sourcePath, target.path())) {
      return source + " and " + target + " are the same file";
    } else if (from.isDirectory() && !to.isDirectory()) {
      return "cannot overwrite non-directory " + target + " with directory " + source;
    } else if (!from.isDirectory() && to.isDirectory()) {
      return "cannot overwrite directory " + target + " with non-directory";
    }
    if (from.isDirectory() && isInside(target.path(), sourcePath)) {
      return "cannot copy a directory, " + source + ", into itself, " + target;
    }
    if (made.contains(target.path())) {
      return "will not overwrite just-created " + target + " with " + source;
    }
    return null;
  }

  private static boolean isInside(Path target, Path directory) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    return parent != null
        && Files.exists(parent)
        && parent.toRealPath().startsWith(directory.toRealPath());
  }

  private void transfer(
      Operand source, BasicFileAttributes from, Path target, @Nullable BasicFileAttributes to)
      throws IOException {
    if (!recursive && (from.isOther() || (to != null && to.isOther()))) {
      // Files.copy would make a second pipe or device, and replace the one that is there.
      stream(source, target);
      return;
    }
    List<CopyOption> all = new ArrayList<>(options);
    if (!progress) {
      transfer(source.path(), target, all);
      return;
    }
    try (Bar bar = new Bar(source.name())) {
      all.add(CopyProgress.of(bar));
      transfer(source.path(), target, all);
    }
  }

  private void transfer(Path source, Path target, List<CopyOption> all) throws IOException {
    if (recursive) {
      all.add(TreeCopyOption.CONTINUE_ON_FAILURE);
      CopyOffload.copyTree(source, target, all.toArray(CopyOption[]::new));
    } else {
      CopyOffload.copy(source, target, all.toArray(CopyOption[]::new));
    }
  }

  private void stream(Operand source, Path target) throws IOException {
    if (options.stream().anyMatch(OffloadCopyOption.class::isInstance)) {
      complaints.add(source + " or '" + target + "' is no regular file: cannot copy as asked");
      return;
    }
    try (InputStream in = Files.newInputStream(source.path());
        OutputStream out = Files.newOutputStream(target)) {
      in.transferTo(out);
    }
  }
}
