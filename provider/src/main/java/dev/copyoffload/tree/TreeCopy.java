package dev.copyoffload.tree;

import static java.util.Objects.requireNonNull;

import dev.copyoffload.CopyProgress;
import dev.copyoffload.provider.Offload;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a directory tree: the caller walks and makes the directories, a {@link Crew} copies
 * the files, and what must come last comes last: hard links, and the attributes of directories.
 */
public final class TreeCopy {
  /** Handing over a file costs a wake-up at worst, as much as a small copy. */
  private static final int FILES_AT_ONCE = 32;

  /** So much is work for one thread, however many files it is. */
  private static final long BYTES_AT_ONCE = 1 << 20;

  /** From here on a copy takes long enough for somebody to interrupt it. */
  private static final long INTERRUPTIBLE_FROM = 64L << 20;

  private final TreePolicy policy;
  private final CopyOption[] forFiles;
  private final CopyOption[] forLinks;
  private final Failures failures;
  private final Directories directories;
  private final HardLinks hardLinks = new HardLinks();
  private final boolean local;
  private final boolean sameProvider;
  private final boolean unix;
  private final @Nullable TreeProgress progress;
  private final Thread owner = Thread.currentThread();
  private List<Node> batch = new ArrayList<>();
  private long bytesInBatch;

  private TreeCopy(Path source, Path target, TreePolicy policy) {
    this.policy = policy;
    this.forFiles = policy.forFiles().toArray(CopyOption[]::new);
    this.forLinks = policy.forLinks().toArray(CopyOption[]::new);
    this.failures = new Failures(policy.continueOnFailure());
    this.local = Offload.isBuiltIn(source) && Offload.isBuiltIn(target);
    this.sameProvider = source.getFileSystem().provider() == target.getFileSystem().provider();
    this.unix = source.getFileSystem().supportedFileAttributeViews().contains("unix");
    this.directories = new Directories(policy);
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
    new TreeCopy(source, target, TreePolicy.of(options)).run(source, target);
  }

  private void run(Path source, Path target) throws IOException {
    if (isSame(source, target)) {
      return;
    }
    Node root = Node.of(source, target, unix);
    if (root.kind() != Node.Kind.DIRECTORY) {
      found(root);
      copy(root);
      finishProgress();
      failures.throwAny(source, target);
      return;
    }
    refuseInside(source, target);
    try (Crew crew = new Crew(local ? Runtime.getRuntime().availableProcessors() : 0)) {
      try {
        walk(root, crew);
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
    if (owner.isInterrupted()) {
      failures.addFatal(interruption(source));
    }
    failures.throwAny(source, target);
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
  private void walk(Node root, Crew crew) {
    Deque<Node> unread = new ArrayDeque<>();
    unread.push(root);
    Object targetKey = null;
    boolean isRoot = true;
    while (!unread.isEmpty() && !isEnding()) {
      Node directory = unread.pop();
      try {
        if (directory.key() != null && directory.key().equals(targetKey)) {
          throw inside(root.source(), root.target());
        }
        directories.make(directory, isRoot);
        if (isRoot && sameProvider && unix) {
          targetKey = Files.getAttribute(root.target(), "unix:fileKey");
        }
        isRoot = false;
        read(directory, unread, crew);
      } catch (DirectoryIteratorException e) {
        failures.add(requireNonNull(e.getCause()));
      } catch (IOException e) {
        failures.add(e);
      }
    }
  }

  private void read(Node directory, Deque<Node> unread, Crew crew) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory.source())) {
      for (Path entry : entries) {
        if (isEnding()) {
          return;
        }
        Node node;
        try {
          node = Node.of(entry, targetOf(entry, directory.target()), unix);
          if (node.kind() == Node.Kind.DIRECTORY) {
            unread.push(node);
            continue;
          }
          if (unix && node.kind() == Node.Kind.FILE && !hardLinks.isFirst(node)) {
            continue;
          }
        } catch (IOException e) {
          failures.add(e);
          continue;
        }
        found(node);
        batch.add(node);
        bytesInBatch += node.size();
        if (batch.size() >= FILES_AT_ONCE || bytesInBatch >= BYTES_AT_ONCE) {
          List<Node> full = takeBatch();
          crew.run(() -> copyAll(full));
        }
      }
    }
  }

  private Path targetOf(Path entry, Path parent) throws IOException {
    Path name = entry.getFileName();
    if (name == null) {
      throw new FileSystemException(entry.toString(), parent.toString(), "No name");
    }
    if (sameProvider) {
      return parent.resolve(name);
    }
    String text = name.toString();
    Path target = parent.resolve(text);
    // Names of an archive, say, may mean something else here.
    if (text.equals("..") || text.equals(".") || !parent.equals(target.getParent())) {
      throw new FileSystemException(entry.toString(), target.toString(), "Not a name there");
    }
    return target;
  }

  private List<Node> takeBatch() {
    List<Node> taken = batch;
    batch = new ArrayList<>();
    bytesInBatch = 0;
    return taken;
  }

  private void copyAll(List<Node> nodes) {
    for (Node node : nodes) {
      if (isEnding()) {
        return;
      }
      copy(node);
    }
  }

  /** Copies all that is no directory; called by many threads. */
  private void copy(Node node) {
    try {
      switch (node.kind()) {
        case LINK -> copyLink(node);
        // Files.copy would open it, and wait for somebody to write to a pipe.
        case SPECIAL ->
            throw refusal(node, "Not a regular file, a directory or a symbolic link", null);
        default -> copyFile(node);
      }
    } catch (IOException e) {
      if (!owner.isInterrupted()) {
        failures.add(e);
      }
    } catch (RuntimeException | Error e) {
      failures.addFatal(e);
    }
  }

  private void found(Node node) {
    if (progress != null && node.kind() == Node.Kind.FILE) {
      progress.found(node.size());
    }
  }

  private void finishProgress() {
    if (progress != null && !isEnding()) {
      progress.finished();
    }
  }

  private void copyFile(Node node) throws IOException {
    if (progress == null) {
      copyFile(node, forFiles);
    } else if (node.size() < TreeProgress.FILE_FROM) {
      copyFile(node, forFiles);
      progress.done(node.size());
    } else {
      TreeProgress.OfFile ofFile = progress.new OfFile(node.size());
      CopyOption[] options = Arrays.copyOf(forFiles, forFiles.length + 1);
      options[forFiles.length] = CopyProgress.of(ofFile);
      try {
        copyFile(node, options);
      } finally {
        ofFile.ended();
      }
    }
  }

  private void copyFile(Node node, CopyOption[] options) throws IOException {
    if (local && node.size() >= INTERRUPTIBLE_FROM) {
      Offload.copyInterruptibly(node.source(), node.target(), options);
    } else {
      Offload.copyAny(node.source(), node.target(), options);
    }
  }

  private void copyLink(Node node) throws IOException {
    if (!sameProvider) {
      makeLink(node);
      return;
    }
    Files.copy(node.source(), node.target(), forLinks);
    if (policy.copyAttributes()) {
      Directories.copyTimes(node.source(), node.target());
    }
  }

  /** The JDK copies no link from one provider to another. */
  private void makeLink(Node node) throws IOException {
    Path text = Files.readSymbolicLink(node.source());
    if (policy.replaceExisting()) {
      Files.deleteIfExists(node.target());
    }
    try {
      Files.createSymbolicLink(
          node.target(), node.target().getFileSystem().getPath(text.toString()));
    } catch (UnsupportedOperationException e) {
      throw refusal(node, "The target's file system has no symbolic links", e);
    }
  }

  private static FileSystemException refusal(Node node, String reason, @Nullable Throwable cause) {
    FileSystemException refusal =
        new FileSystemException(node.source().toString(), node.target().toString(), reason);
    if (cause != null) {
      refusal.initCause(cause);
    }
    return refusal;
  }

  /** Gives a copy another name, or copies once more where that cannot be. */
  private void link(Node node, Path first) {
    if (isEnding()) {
      return;
    }
    try {
      if (policy.replaceExisting()) {
        Files.deleteIfExists(node.target());
      }
      Files.createLink(node.target(), first);
    } catch (FileAlreadyExistsException e) {
      failures.add(e);
    } catch (IOException | UnsupportedOperationException e) {
      // EMLINK, a file system without links, or a first copy that failed: then this says why.
      copy(node);
    }
  }
}
