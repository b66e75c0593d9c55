package dev.copyoffload.tree;

import static dev.copyoffload.linux.Constants.ALL_OF_OWNER;
import static dev.copyoffload.linux.Constants.PERMISSION_BITS;
import static dev.copyoffload.linux.Constants.SET_USER_OR_GROUP;
import static dev.copyoffload.linux.Constants.STICKY;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.util.Objects.requireNonNull;

import dev.copyoffload.file.DirectoryAttributes;
import dev.copyoffload.file.OpenDirectory;
import dev.copyoffload.linux.SystemCalls;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directories of the target: made before their contents, given their attributes after.
 *
 * <p>Files change the times of the directory that they come into, cannot come into one that its
 * owner may not write to, and inherit its default ACL.
 */
final class Directories {
  private final TreePolicy policy;
  private final @Nullable SystemCalls calls;
  private final List<Unfinished> unfinished = new ArrayList<>();

  /** Permission bits that a directory has only until it is full. */
  private record Unfinished(Directory directory, int unwanted) {}

  /**
   * For one tree.
   *
   * @param calls by which directories are held open, or null to use their names
   */
  Directories(TreePolicy policy, @Nullable SystemCalls calls) {
    this.policy = policy;
    this.calls = calls;
  }

  /**
   * Makes a directory that its owner can fill, or takes the one that is there.
   *
   * @param in where it comes, or null for the topmost one, which has to stay open as long as any
   *     other is used
   */
  Directory.Open make(TreeEntry entry, Directory.@Nullable Open in) throws IOException {
    if (calls == null) {
      boolean made = makeByName(entry, in == null);
      return remember(new Directory.Open(new Directory(entry, null, null), null, null), made);
    }
    OpenDirectory from =
        in == null || in.from() == null
            ? OpenDirectory.top(calls, entry.source(), false)
            : in.from().open(entry.source());
    try {
      Path at = in == null ? entry.target() : in.targetOf(entry);
      boolean made = OpenDirectory.make(calls, at, entry.target(), modeOf(entry));
      if (!made && !policy.replaceExisting()) {
        throw new FileAlreadyExistsException(entry.target().toString());
      }
      OpenDirectory to;
      try {
        to = openTarget(calls, entry, in, !made);
      } catch (NotDirectoryException | NoSuchFileException e) {
        if (made) {
          throw e;
        }
        Files.delete(at);
        made = OpenDirectory.make(calls, at, entry.target(), modeOf(entry));
        to = openTarget(calls, entry, in, false);
      }
      Directory directory = new Directory(entry, from.known(), to.known());
      return remember(new Directory.Open(directory, from, to), made);
    } catch (IOException | RuntimeException e) {
      from.close();
      throw e;
    }
  }

  /** A link inside the target may lead out of it; the topmost one is where the caller wants it. */
  private static OpenDirectory openTarget(
      SystemCalls calls, TreeEntry entry, Directory.@Nullable Open in, boolean there)
      throws IOException {
    return in == null || in.to() == null
        ? OpenDirectory.top(calls, entry.target(), there)
        : in.to().open(entry.target());
  }

  /** What mkdir(2) is to set: as {@code Files.copy}, and what is needed to fill it. */
  private static int modeOf(TreeEntry entry) {
    int mode = entry.mode() == TreeEntry.NO_MODE ? PERMISSION_BITS : entry.mode();
    return (mode & ~SET_USER_OR_GROUP) | ALL_OF_OWNER;
  }

  private Directory.Open remember(Directory.Open open, boolean made) {
    TreeEntry entry = open.directory().entry();
    int unwanted = made && entry.mode() != TreeEntry.NO_MODE ? ALL_OF_OWNER & ~entry.mode() : 0;
    if (policy.copyAttributes() || unwanted != 0) {
      unfinished.add(new Unfinished(open.directory(), unwanted));
    }
    return open;
  }

  /** Whether it was made. */
  private boolean makeByName(TreeEntry entry, boolean top) throws IOException {
    Path target = entry.target();
    try {
      createByName(entry);
      return true;
    } catch (FileAlreadyExistsException e) {
      if (!policy.replaceExisting()) {
        throw e;
      }
    }
    if (top ? Files.isDirectory(target) : Files.isDirectory(target, NOFOLLOW_LINKS)) {
      return false;
    }
    Files.delete(target);
    createByName(entry);
    return true;
  }

  private static void createByName(TreeEntry entry) throws IOException {
    Path target = entry.target();
    if (entry.mode() == TreeEntry.NO_MODE || !has(target, "posix")) {
      Files.createDirectory(target);
      return;
    }
    Files.createDirectory(target, PosixFilePermissions.asFileAttribute(permissions(modeOf(entry))));
    if (entry.has(STICKY) && has(target, "unix")) {
      change(target, STICKY, 0, NOFOLLOW_LINKS);
    }
  }

  private static boolean has(Path file, String view) {
    return file.getFileSystem().supportedFileAttributeViews().contains(view);
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    StringBuilder text = new StringBuilder("rwxrwxrwx");
    for (int i = 0; i < text.length(); i++) {
      if ((mode & (0400 >> i)) == 0) {
        text.setCharAt(i, '-');
      }
    }
    return PosixFilePermissions.fromString(text.toString());
  }

  /** Sets and clears permission bits, where there are attributes of Unix. */
  static void change(Path file, int set, int clear, LinkOption... options) throws IOException {
    int mode = (Integer) Files.getAttribute(file, "unix:mode", options) & PERMISSION_BITS;
    int wanted = (mode | set) & ~clear;
    if (wanted != mode) {
      Files.setAttribute(file, "unix:mode", wanted, options);
    }
  }

  /** Sets what could not be set before, the innermost first: a parent may become inaccessible. */
  void finish(Failures failures) {
    for (int i = unfinished.size() - 1; i >= 0 && !failures.areFinal(); i--) {
      Unfinished one = unfinished.get(i);
      TreeEntry entry = one.directory().entry();
      try (Directory.Open open = one.directory().open()) {
        try {
          finish(open, one.unwanted());
        } catch (IOException e) {
          failures.add(open.named(e));
        }
      } catch (IOException | RuntimeException e) {
        failures.add(e, entry);
      }
    }
  }

  private void finish(Directory.Open open, int unwanted) throws IOException {
    Path source = open.source();
    Path target = open.target();
    if (calls != null
        && policy.copyAttributes()
        && DirectoryAttributes.copy(calls, source, target, unwanted)) {
      return;
    }
    if (unwanted != 0) {
      narrow(target, unwanted);
    }
    if (policy.copyAttributes()) {
      copyAttributes(source, target);
    }
  }

  /** Takes away what only the copy needed. */
  private static void narrow(Path target, int unwanted) throws IOException {
    if (has(target, "unix")) {
      change(target, 0, unwanted);
    } else if (has(target, "posix")) {
      Set<PosixFilePermission> kept = EnumSet.noneOf(PosixFilePermission.class);
      kept.addAll(Files.getPosixFilePermissions(target));
      kept.removeAll(permissions(unwanted));
      Files.setPosixFilePermissions(target, kept);
    }
  }

  /** What the JDK can do about an existing directory: no ACL, no xattrs. */
  private static void copyAttributes(Path source, Path target) throws IOException {
    if (has(source, "unix") && has(target, "unix")) {
      Map<String, Object> read = Files.readAttributes(source, "unix:uid,gid,mode");
      try {
        Files.setAttribute(target, "unix:uid", read.get("uid"));
        Files.setAttribute(target, "unix:gid", read.get("gid"));
        Files.setAttribute(
            target, "unix:mode", (Integer) requireNonNull(read.get("mode")) & PERMISSION_BITS);
      } catch (IOException notOursToGive) {
        // As forgiving as the JDK: only root may give files away, and keeps the mode then.
      }
    } else if (has(source, "posix") && has(target, "posix")) {
      PosixFileAttributes read = Files.readAttributes(source, PosixFileAttributes.class);
      PosixFileAttributeView to = Files.getFileAttributeView(target, PosixFileAttributeView.class);
      try {
        to.setOwner(read.owner());
        to.setGroup(read.group());
      } catch (IOException notOursToGive) {
        // As above.
      }
      to.setPermissions(read.permissions());
    }
    copyTimes(source, target);
  }

  static void copyTimes(Path source, Path target, LinkOption... options) throws IOException {
    BasicFileAttributes read = Files.readAttributes(source, BasicFileAttributes.class, options);
    Files.getFileAttributeView(target, BasicFileAttributeView.class, options)
        .setTimes(read.lastModifiedTime(), read.lastAccessTime(), null);
  }
}
