package dev.copyoffload.tree;

import static dev.copyoffload.linux.Constants.SET_USER_OR_GROUP;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.util.Objects.requireNonNull;

import dev.copyoffload.CopyProgress;
import dev.copyoffload.engine.Tuning;
import dev.copyoffload.file.FileCopies;
import dev.copyoffload.linux.SystemCalls;
import dev.copyoffload.provider.AnyProviderCopy;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a directory tree: the caller walks and makes the directories, a {@link Crew} copies
 * the files, and what must come last comes last: hard links, and the attributes of directories.
 */
public final class TreeCopy {
  private final TreePolicy policy;
  private final CopyOption[] forFiles;
  private final CopyOption[] forLinks;
  private final Failures failures;
  private final Directories directories;
  private final HardLinks hardLinks = new HardLinks();
  private final @Nullable SystemCalls calls;
  private final boolean local;
  private final boolean sameProvider;
  private final boolean unix;
  private final @Nullable TreeProgress progress;
  private final Thread owner = Thread.currentThread();
  private List<TreeEntry> batch = new ArrayList<>();
  private long bytesInBatch;

  private TreeCopy(Path source, Path target, TreePolicy policy) {
    this.policy = policy;
    this.forFiles = policy.forFiles().toArray(CopyOption[]::new);
    this.forLinks = policy.forLinks().toArray(CopyOption[]::new);
    this.failures = new Failures(policy.continueOnFailure());
    this.local = AnyProviderCopy.areBuiltIn(source, target);
    this.sameProvider = source.getFileSystem().provider() == target.getFileSystem().provider();
    this.unix = source.getFileSystem().supportedFileAttributeViews().contains("unix");
    this.calls = local ? FileCopies.callsForDirectories() : null;
    this.directories = new Directories(policy, calls);
    this.progress =
        policy.progress() == null
            ? null
            : new TreeProgress(policy.progress(), failures, source, target);
  }

  /**
   * Copies a tree as {@code CopyOffload.copyTree} says.
   *
   * @param source of the provider that the JDK would use, not wrapped
   * @param target likewise
   */
  public static void run(Path source, Path target, CopyOption... options) throws IOException {
    TreePolicy policy = TreePolicy.of(options);
    if (AnyProviderCopy.areBuiltIn(source, target)
        && !FileCopies.areKnown(policy.forFiles().toArray(CopyOption[]::new))) {
      throw new UnsupportedOperationException("Unsupported option among " + policy.forFiles());
    }
    new TreeCopy(source, target, policy).run(source, target);
  }

  private void run(Path source, Path target) throws IOException {
    if (isSame(source, target)) {
      return;
    }
    TreeEntry root = TreeEntry.of(null, source, target, unix);
    if (root.kind() != TreeEntry.Kind.DIRECTORY) {
      found(root);
      copy(root, null);
      finishProgress();
      failures.throwAny(source, target);
      return;
    }
    refuseInside(source, target);
    try (Directory.Open top = directories.make(root, null)) {
      copyAllBelow(top);
    }
    if (owner.isInterrupted()) {
      failures.addFatal(interruption(source));
    }
    failures.throwAny(source, target);
  }

  private void copyAllBelow(Directory.Open top) {
    try (Crew crew = new Crew(local ? Runtime.getRuntime().availableProcessors() : 0)) {
      try {
        walk(top, crew);
        copyAll(takeBatch());
        crew.finish();
      } catch (InterruptedException e) {
        owner.interrupt();
      }
      if (isEnding()) {
        crew.interrupt();
      }
    }
    if (!isEnding()) {
      hardLinks.make(this::link);
      directories.finish(failures);
      finishProgress();
    }
  }

  private static InterruptedIOException interruption(Path source) {
    return new InterruptedIOException("interrupted while copying " + source);
  }

  private boolean isEnding() {
    return failures.areFinal() || owner.isInterrupted();
  }

  private boolean isSame(Path source, Path target) throws IOException {
    return sameProvider && Files.exists(target) && Files.isSameFile(source, target);
  }

  /** Before anything is made; a mount that hides the truth is met in {@link #walk}. */
  private void refuseInside(Path source, Path target) throws IOException {
    Path existing = target.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (sameProvider && existing != null && existing.toRealPath().startsWith(source.toRealPath())) {
      throw inside(source, target);
    }
  }

  private static FileSystemException inside(Path source, Path target) {
    return new FileSystemException(
        source.toString(), target.toString(), "The target lies inside the source");
  }

  // A stack of directories that were seen and not read: one stream is open, however deep the tree.
  private void walk(Directory.Open top, Crew crew) {
    TreeEntry root = top.directory().entry();
    Deque<TreeEntry> unread = new ArrayDeque<>();
    Object targetKey = null;
    try {
      targetKey = keyOf(top);
      read(top, unread, crew);
    } catch (IOException | RuntimeException e) {
      failures.add(named(e, top), root);
    }
    while (!unread.isEmpty() && !isEnding()) {
      Directory parent = requireNonNull(unread.peek()).in();
      try (Directory.Open above = requireNonNull(parent).open()) {
        walkIntoSome(above, targetKey, unread, crew);
      } catch (IOException | RuntimeException e) {
        failures.add(e, unread.pop());
      }
    }
  }

  /** Walks into those of one directory, until one of them holds others. */
  @SuppressWarnings("ReferenceEquality")
  private void walkIntoSome(
      Directory.Open above, @Nullable Object targetKey, Deque<TreeEntry> unread, Crew crew) {
    TreeEntry next = unread.peek();
    while (next != null && next.in() == above.directory() && !isEnding()) {
      unread.pop();
      if (next.key() != null && next.key().equals(targetKey)) {
        failures.add(inside(next.source(), next.target()));
      } else {
        walkInto(next, above, unread, crew);
      }
      next = unread.peek();
    }
  }

  private void walkInto(TreeEntry entry, Directory.Open above, Deque<TreeEntry> unread, Crew crew) {
    Directory.Open directory;
    try {
      directory = directories.make(entry, above);
    } catch (IOException | RuntimeException e) {
      failures.add(named(e, above), entry);
      return;
    }
    try (directory) {
      read(directory, unread, crew);
    } catch (IOException | RuntimeException e) {
      failures.add(named(e, directory), entry);
    }
  }

  private @Nullable Object keyOf(Directory.Open top) throws IOException {
    if (top.to() != null) {
      return top.to().known().key();
    }
    return sameProvider && unix ? Files.getAttribute(top.target(), "unix:fileKey") : null;
  }

  /** With the names that programs know, and without the wrapping that iterators need. */
  private static Exception named(Exception e, Directory.@Nullable Open in) {
    if (e instanceof DirectoryIteratorException wrapped) {
      return named(requireNonNull(wrapped.getCause()), in);
    }
    return e instanceof IOException io && in != null ? in.named(io) : e;
  }

  private void read(Directory.Open directory, Deque<TreeEntry> unread, Crew crew)
      throws IOException {
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory.source())) {
      for (Path path : paths) {
        if (isEnding()) {
          return;
        }
        Path name = path.getFileName();
        Path source = name == null ? path : directory.directory().entry().source().resolve(name);
        TreeEntry entry;
        try {
          entry = entryOf(source, directory);
          if (entry.kind() == TreeEntry.Kind.DIRECTORY) {
            unread.push(entry);
            continue;
          }
          if (!hardLinks.isFirst(entry)) {
            continue;
          }
        } catch (IOException | RuntimeException e) {
          failures.add(named(e, directory), source, directory.directory().entry().target());
          continue;
        }
        found(entry);
        batch.add(entry);
        bytesInBatch += entry.size();
        if (batch.size() >= Tuning.FILES_AT_ONCE || bytesInBatch >= Tuning.BYTES_AT_ONCE) {
          List<TreeEntry> full = takeBatch();
          crew.run(() -> copyAll(full));
        }
      }
    }
  }

  private TreeEntry entryOf(Path source, Directory.Open in) throws IOException {
    Directory directory = in.directory();
    Path target = targetOf(source, directory.entry().target());
    return in.from() == null
        ? TreeEntry.of(directory, source, target, unix)
        : TreeEntry.of(directory, source, target, in.from().status(source));
  }

  private Path targetOf(Path path, Path parent) throws IOException {
    Path name = path.getFileName();
    if (name == null) {
      throw new FileSystemException(path.toString(), parent.toString(), "No name");
    }
    if (sameProvider) {
      return parent.resolve(name);
    }
    String text = name.toString();
    Path target = parent.resolve(text);
    // Names of an archive, say, may mean something else here.
    if (text.equals("..") || text.equals(".") || !parent.equals(target.getParent())) {
      throw new FileSystemException(path.toString(), target.toString(), "Not a name there");
    }
    return target;
  }

  private List<TreeEntry> takeBatch() {
    List<TreeEntry> taken = batch;
    batch = new ArrayList<>();
    bytesInBatch = 0;
    return taken;
  }

  private void copyAll(List<TreeEntry> entries) {
    int next = 0;
    while (next < entries.size() && !isEnding()) {
      next = copySome(entries, next);
    }
  }

  /** Copies those that follow each other and are of one directory; returns the next one. */
  @SuppressWarnings("ReferenceEquality")
  private int copySome(List<TreeEntry> entries, int first) {
    TreeEntry entry = entries.get(first);
    Directory directory = requireNonNull(entry.in());
    int next = first;
    try (Directory.Open open = directory.open()) {
      while (next < entries.size() && entries.get(next).in() == directory && !isEnding()) {
        entry = entries.get(next);
        next++;
        copy(entry, open);
      }
    } catch (IOException | RuntimeException e) {
      next = Math.max(next, first + 1);
      failures.add(e, entry);
    } catch (Error e) {
      failures.addFatal(e);
    }
    return next;
  }

  /**
   * Copies all that is no directory; called by many threads.
   *
   * @param in where both are, or null for the topmost file
   * @return what identifies the copy where it may get other names, else null
   */
  private @Nullable Object copy(TreeEntry entry, Directory.@Nullable Open in) {
    Path from = in == null ? entry.source() : in.sourceOf(entry);
    Path to = in == null ? entry.target() : in.targetOf(entry);
    try {
      switch (entry.kind()) {
        case LINK -> copyLink(entry, from, to);
        // Files.copy would open it, and wait for somebody to write to a pipe.
        case SPECIAL ->
            throw refusal(entry, "Not a regular file, a directory or a symbolic link", null);
        default -> {
          boolean linked = entry.isLinked() && in != null;
          AtomicReference<Object> made = linked ? new AtomicReference<>() : null;
          copyFile(entry, from, to, made);
          if (linked && made != null && in != null) {
            Object key = made.get() == null ? keyOf(in, entry.target()) : made.get();
            hardLinks.copied(entry, key);
            return key;
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      if (!owner.isInterrupted() || e instanceof RuntimeException) {
        failures.add(named(e, in), entry);
      }
    } catch (Error e) {
      failures.addFatal(e);
    }
    return null;
  }

  /** What identifies a file of the target. */
  private static @Nullable Object keyOf(Directory.Open in, Path target) throws IOException {
    return in.to() == null
        ? Files.readAttributes(target, BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey()
        : in.to().status(target).key();
  }

  private void found(TreeEntry entry) {
    if (progress != null && entry.kind() == TreeEntry.Kind.FILE) {
      progress.found(entry.size());
    }
  }

  private void finishProgress() {
    if (progress != null && !isEnding()) {
      progress.finished();
    }
  }

  private void copyFile(TreeEntry entry, Path from, Path to, @Nullable AtomicReference<Object> key)
      throws IOException {
    if (progress == null) {
      copyFile(entry, from, to, key, forFiles);
    } else if (entry.size() < Tuning.TOLD_FROM) {
      copyFile(entry, from, to, key, forFiles);
      progress.done(entry.size());
    } else {
      TreeProgress.OfFile ofFile = progress.new OfFile(entry.size());
      CopyOption[] options = Arrays.copyOf(forFiles, forFiles.length + 1);
      options[forFiles.length] = CopyProgress.of(ofFile);
      try {
        copyFile(entry, from, to, key, options);
      } finally {
        ofFile.ended();
      }
    }
  }

  private void copyFile(
      TreeEntry entry,
      Path from,
      Path to,
      @Nullable AtomicReference<Object> key,
      CopyOption[] options)
      throws IOException {
    CopyOption[] all =
        local && entry.size() >= Tuning.INTERRUPTIBLE_FROM
            ? AnyProviderCopy.interruptibly(options)
            : options;
    if (calls == null) {
      AnyProviderCopy.copyAny(from, to, all);
    } else if (FileCopies.copyInTree(calls, entry.source(), from, entry.target(), to, key, all)) {
      return;
    } else if (FileCopies.hasDemands(all)
        || !Files.readAttributes(from, BasicFileAttributes.class, NOFOLLOW_LINKS).isRegularFile()) {
      throw refusal(entry, "Not a regular file any more", null);
    } else {
      Files.copy(from, to, all);
    }
    if (entry.has(SET_USER_OR_GROUP)) {
      withoutForeignRights(from, to);
    }
  }

  /** The JDK creates a file with all bits of the mode, whoever owns it then. */
  private void withoutForeignRights(Path from, Path to) throws IOException {
    if (!to.getFileSystem().supportedFileAttributeViews().contains("unix")) {
      return;
    }
    String owners = "unix:uid,gid";
    if (!policy.copyAttributes()
        || !Files.readAttributes(to, owners, NOFOLLOW_LINKS)
            .equals(Files.readAttributes(from, owners, NOFOLLOW_LINKS))) {
      Directories.change(to, 0, SET_USER_OR_GROUP, NOFOLLOW_LINKS);
    }
  }

  private void copyLink(TreeEntry entry, Path from, Path to) throws IOException {
    if (!sameProvider) {
      makeLink(entry);
      return;
    }
    Files.copy(from, to, forLinks);
    if (policy.copyAttributes()) {
      Directories.copyTimes(from, to, NOFOLLOW_LINKS);
    }
  }

  /** The JDK copies no link from one provider to another. */
  private void makeLink(TreeEntry entry) throws IOException {
    Path text = Files.readSymbolicLink(entry.source());
    if (policy.replaceExisting()) {
      Files.deleteIfExists(entry.target());
    }
    try {
      Files.createSymbolicLink(
          entry.target(), entry.target().getFileSystem().getPath(text.toString()));
    } catch (UnsupportedOperationException e) {
      throw refusal(entry, "The target's file system has no symbolic links", e);
    }
  }

  private static FileSystemException refusal(
      TreeEntry entry, String reason, @Nullable Throwable cause) {
    FileSystemException refusal =
        new FileSystemException(entry.source().toString(), entry.target().toString(), reason);
    if (cause != null) {
      refusal.initCause(cause);
    }
    return refusal;
  }

  /** Gives a copy another name, or copies once more where that cannot be. */
  private void link(TreeEntry entry, HardLinks.Copy first) {
    if (isEnding()) {
      return;
    }
    try (Directory.Open here = requireNonNull(entry.in()).open()) {
      if (!linked(entry, here, first)) {
        Object key = copy(entry, here);
        if (key != null) {
          first.become(entry, key);
        }
      }
    } catch (IOException | RuntimeException e) {
      failures.add(e, entry);
    }
  }

  /** Whether all is done about a further name; an error if the name is taken and may not be. */
  private boolean linked(TreeEntry entry, Directory.Open here, HardLinks.Copy first)
      throws IOException {
    Object key = first.key();
    if (key == null) {
      return false;
    }
    try (Directory.Open there = requireNonNull(first.entry().in()).open()) {
      Path made = there.targetOf(first.entry());
      return policy.replaceExisting()
          ? linkInPlace(made, key, here, entry)
          : isLink(made, key, here, entry.target());
    } catch (FileAlreadyExistsException e) {
      throw here.named(e);
    } catch (IOException | UnsupportedOperationException e) {
      // EMLINK, a file system without links, a directory in the way: then the copy says why.
      return false;
    }
  }

  /** Makes a link, if that is one to what was copied and not to what has its name now. */
  private static boolean isLink(Path made, Object key, Directory.Open here, Path target)
      throws IOException {
    Path link = here.to() == null ? target : here.to().at(target);
    Files.createLink(link, made);
    if (key.equals(keyOf(here, target))) {
      return true;
    }
    Files.delete(link);
    return false;
  }

  /** Likewise, in place of what is there: that stays until the link has its name. */
  private static boolean linkInPlace(Path made, Object key, Directory.Open here, TreeEntry entry)
      throws IOException {
    Path target = entry.target().resolveSibling(FileCopies.nameBeside());
    Path beside = here.to() == null ? target : here.to().at(target);
    try {
      if (!isLink(made, key, here, target)) {
        return false;
      }
      Files.move(beside, here.targetOf(entry), ATOMIC_MOVE);
      return true;
    } finally {
      // Also when both were names of one file: then rename(2) does nothing.
      Files.deleteIfExists(beside);
    }
  }
}
