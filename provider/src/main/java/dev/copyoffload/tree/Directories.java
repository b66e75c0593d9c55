package dev.copyoffload.tree;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.copyoffload.provider.Offload;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The directories of the target: made before their contents, given their attributes after.
 *
 * <p>Files change the times of the directory that they come into, cannot come into one that its
 * owner may not write to, and inherit its default ACL.
 */
final class Directories {
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private final TreePolicy policy;
  private final List<Node> unfinished = new ArrayList<>();

  Directories(TreePolicy policy) {
    this.policy = policy;
  }

  /** Makes a directory that its owner can fill, or takes the one that is there. */
  void make(Node directory, boolean root) throws IOException {
    Set<PosixFilePermission> permissions = directory.permissions();
    boolean widened = permissions != null && !permissions.containsAll(OWNER);
    boolean made = false;
    try {
      create(directory);
      made = true;
    } catch (FileAlreadyExistsException e) {
      if (!policy.replaceExisting()) {
        throw e;
      }
      replace(directory, root);
    }
    if (policy.copyAttributes() || (made && widened)) {
      unfinished.add(directory);
    }
  }

  private static void create(Node directory) throws IOException {
    Set<PosixFilePermission> permissions = directory.permissions();
    if (permissions == null
        || !directory.target().getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectory(directory.target());
      return;
    }
    Set<PosixFilePermission> wide = EnumSet.copyOf(OWNER);
    wide.addAll(permissions);
    FileAttribute<?> attribute = PosixFilePermissions.asFileAttribute(wide);
    Files.createDirectory(directory.target(), attribute);
  }

  private static void replace(Node directory, boolean root) throws IOException {
    Path target = directory.target();
    // A link inside the target may lead out of it; the root is where the caller wants it.
    boolean there = root ? Files.isDirectory(target) : Files.isDirectory(target, NOFOLLOW_LINKS);
    if (!there) {
      Files.delete(target);
      create(directory);
    }
  }

  /** Sets what could not be set before, the innermost first: a parent may become inaccessible. */
  void finish(Failures failures) {
    for (int i = unfinished.size() - 1; i >= 0 && !failures.areFinal(); i--) {
      Node directory = unfinished.get(i);
      try {
        if (!policy.copyAttributes()) {
          narrow(directory);
        } else if (!Offload.copyDirectoryAttributes(directory.source(), directory.target())) {
          copyAttributes(directory.source(), directory.target());
        }
      } catch (IOException e) {
        failures.add(e);
      }
    }
  }

  /** Takes away what only the copy needed. */
  private static void narrow(Node directory) throws IOException {
    Set<PosixFilePermission> permissions = directory.permissions();
    if (permissions == null) {
      return;
    }
    PosixFileAttributeView view =
        Files.getFileAttributeView(directory.target(), PosixFileAttributeView.class);
    if (view != null) {
      Set<PosixFilePermission> kept = EnumSet.noneOf(PosixFilePermission.class);
      kept.addAll(view.readAttributes().permissions());
      kept.retainAll(permissions);
      view.setPermissions(kept);
    }
  }

  /** What the JDK can do about an existing directory: no ACL, no xattrs. */
  private static void copyAttributes(Path source, Path target) throws IOException {
    PosixFileAttributeView from = Files.getFileAttributeView(source, PosixFileAttributeView.class);
    PosixFileAttributeView to = Files.getFileAttributeView(target, PosixFileAttributeView.class);
    if (from != null && to != null) {
      PosixFileAttributes read = from.readAttributes();
      try {
        to.setOwner(read.owner());
        to.setGroup(read.group());
      } catch (IOException notOursToGive) {
        // As forgiving as the JDK: only root may give files away.
      }
      to.setPermissions(read.permissions());
    }
    copyTimes(source, target);
  }

  static void copyTimes(Path source, Path target) throws IOException {
    BasicFileAttributes read =
        Files.readAttributes(source, BasicFileAttributes.class, NOFOLLOW_LINKS);
    LinkOption[] options =
        read.isSymbolicLink() ? new LinkOption[] {NOFOLLOW_LINKS} : new LinkOption[0];
    Files.getFileAttributeView(target, BasicFileAttributeView.class, options)
        .setTimes(read.lastModifiedTime(), read.lastAccessTime(), null);
  }
}
