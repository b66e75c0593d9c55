package dev.copyoffload.spi;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The file systems of a test run: mounted from sparse images when the first test asks, unmounted
 * however the run ends.
 *
 * <p>Each run has a directory with a locked file in it. The lock dies with the process, so a
 * directory whose lock is free is litter, and the next run removes it.
 */
public final class Volumes implements AutoCloseable {
  static final String REQUIRE_VARIABLE = "COPYOFFLOAD_REQUIRE_FS";
  static final Set<String> REQUIRED = names(System.getenv(REQUIRE_VARIABLE));

  /**
   * For contracts that need not be shown on every file system again; none means all. {@code
   * NAME=DIRECTORY} is a file system that somebody else has mounted.
   */
  private static final Set<String> WANTED = names(System.getProperty("copyoffload.test.volumes"));

  private static final String TINY = "tiny";
  private static final String PREFIX = "copyoffload-volumes-";
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(Volumes.class);

  private final Path base;
  private final FileChannel lock;
  private final Process watchdog;
  private final Thread hook = new Thread(this::unmount, "unmount");
  private final Deque<Mount> mounts = new ArrayDeque<>();
  private final List<Volume> volumes = new ArrayList<>();
  private final @Nullable String obstacle;
  private final Volume tiny;

  private Volumes() throws IOException {
    Path parent = Stock.path(System.getProperty("java.io.tmpdir")).toRealPath();
    removeLitter(parent);
    base = Files.createTempDirectory(parent, PREFIX);
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxr-xr-x"));
    lock =
        FileChannel.open(
            base.resolve("lock"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    if (lock.tryLock() == null) {
      throw new IOException("Another process holds the lock of a new directory: " + base);
    }
    Runtime.getRuntime().addShutdownHook(hook);
    watchdog = watch(base);
    obstacle = Libc.C.geteuid() == 0 ? null : "mounting needs root";

    volumes.add(new Volume("local", Files.createDirectory(base.resolve("local")), null, null));
    Volume ext4 = add("ext4", 512, "mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1,nodiscard");
    Volume xfs = add("xfs", 512, "mkfs.xfs", "-q", "-f", "-K", "-m", "reflink=1");
    add("btrfs", 512, "mkfs.btrfs", "-q", "-f", "-K");
    volumes.add(
        volume("tmpfs", at -> mount(at, "-t", "tmpfs", "-o", "size=256m,mode=755", "none")));
    volumes.add(volume("fuse", at -> mountFuse(at, ext4)));
    volumes.add(volume("overlay", at -> mountOverlay(at, xfs)));
    for (String wanted : WANTED) {
      int equals = wanted.indexOf('=');
      if (equals > 0) {
        Path root = Stock.path(wanted.substring(equals + 1)).toRealPath();
        volumes.add(new Volume(wanted.substring(0, equals), root, null, null));
      }
    }
    tiny = volume(TINY, at -> mountImage(at, 8, "mkfs.ext4", "-q", "-F", "-O", "^has_journal"));
  }

  /** Returns the volumes of this run, which the first call mounts. */
  public static Volumes of(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Volumes.class, key -> mounted(), Volumes.class);
  }

  /** Returns one volume a file system that is wanted; those that are not there say why. */
  public List<Volume> all() {
    return volumes.stream().filter(volume -> isWanted(volume.name())).toList();
  }

  private static boolean isWanted(String name) {
    return WANTED.isEmpty() || name.equals(TINY) || WANTED.contains(name) || isGiven(name);
  }

  /** Says whether somebody else has mounted the file system of a name. */
  static boolean isGiven(String name) {
    return WANTED.stream().anyMatch(it -> it.startsWith(name + "="));
  }

  /** Returns a file system of 8 MiB that is easily filled. */
  public Volume tiny() {
    return tiny;
  }

  /** Returns the directory of the file system below that holds what the overlay was given. */
  public Path overlayUpper() {
    return base.resolve("xfs/overlay/upper");
  }

  @Override
  public void close() throws IOException {
    unmount();
    Runtime.getRuntime().removeShutdownHook(hook);
    TreeDeletion.of(base);
    watchdog.destroy();
    lock.close();
  }

  private static Volumes mounted() {
    try {
      return new Volumes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> names(@Nullable String names) {
    return names == null || names.isBlank() ? Set.of() : Set.of(names.strip().split("\\s*,\\s*"));
  }

  private Volume add(String name, long mebibytes, String... mkfs) throws IOException {
    Volume added = volume(name, at -> mountImage(at, mebibytes, mkfs));
    volumes.add(added);
    return added;
  }

  private Volume volume(String name, Mounting mounting) throws IOException {
    Path root = base.resolve(name);
    Path readOnly = base.resolve(name + "-ro");
    if (obstacle != null) {
      return new Volume(name, root, null, obstacle);
    }
    if (!isWanted(name)) {
      return new Volume(name, root, null, "it is not wanted");
    }
    Files.createDirectory(root);
    Files.createDirectory(readOnly);
    try {
      mounting.mount(root);
      mount(readOnly, "--bind", root.toString());
      Command.run("mount", "-o", "remount,bind,ro", readOnly.toString());
    } catch (IOException e) {
      return new Volume(name, root, null, String.valueOf(e.getMessage()));
    }
    return new Volume(name, root, readOnly, null);
  }

  private void mountImage(Path at, long mebibytes, String... mkfs) throws IOException {
    if (!Command.exists(mkfs[0])) {
      throw new IOException(mkfs[0] + " is not installed");
    }
    Path image = base.resolve(at.getFileName() + ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toString(), "rw")) {
      file.setLength(mebibytes << 20);
    }
    List<String> command = new ArrayList<>(List.of(mkfs));
    command.add(image.toString());
    Command.run(command.toArray(String[]::new));
    // The mount owns the loop device: it is detached by the unmount, whoever does that.
    mount(at, "-o", "loop", image.toString());
  }

  private void mountOverlay(Path at, Volume below) throws IOException {
    if (below.missing() != null) {
      throw new IOException("no " + below.name() + " below: " + below.missing());
    }
    Path parent = Files.createDirectory(below.root().resolve("overlay"));
    Path lower = Files.createDirectory(parent.resolve("lower"));
    Path upper = Files.createDirectory(overlayUpper());
    Path work = Files.createDirectory(parent.resolve("work"));
    String options = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
    mount(at, "-t", "overlay", "-o", options, "none");
  }

  /** The driver is of this project, since what others install as an example is not everywhere. */
  private void mountFuse(Path at, Volume below) throws IOException {
    if (below.missing() != null) {
      throw new IOException("no " + below.name() + " below: " + below.missing());
    }
    if (!Command.exists("gcc") || !Files.exists(Stock.path("/usr/include/fuse3"))) {
      throw new IOException("gcc or libfuse3-dev is not installed");
    }
    Path source = base.resolve("writeback.c");
    try (InputStream text =
        requireNonNull(Volumes.class.getResourceAsStream("writeback.c"), "writeback.c")) {
      Files.write(source, text.readAllBytes());
    }
    String driver = base.resolve("writeback").toString();
    Command.run(
        "gcc",
        "-O1",
        "-D_FILE_OFFSET_BITS=64",
        "-I/usr/include/fuse3",
        source.toString(),
        "-o",
        driver,
        "-lfuse3");
    Path shown = Files.createDirectory(below.root().resolve("fuse"));
    Process process =
        new ProcessBuilder(driver, shown.toString(), at.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.inputReader().readLine() == null) {
      throw new IOException("the driver ended with status " + Command.status(process));
    }
    mounts.push(new Mount(at, process));
  }

  private void mount(Path at, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(arguments));
    command.add(at.toString());
    Command.run(command.toArray(String[]::new));
    mounts.push(new Mount(at, null));
  }

  private void unmount() {
    List<String> busy = new ArrayList<>();
    synchronized (mounts) {
      while (!mounts.isEmpty()) {
        Mount mount = mounts.pop();
        String at = mount.at.toString();
        try {
          Command.run("umount", at);
          if (mount.driver != null) {
            end(mount.driver);
          }
        } catch (IOException e) {
          // Something still has a file open there: out of sight now, gone when that is closed.
          busy.add(String.valueOf(e.getMessage()));
          lazily(at);
        }
      }
    }
    if (!busy.isEmpty()) {
      throw new IllegalStateException("A test left files open: " + busy);
    }
  }

  /** A driver has files open below until it ends; it does not end while others see its mount. */
  private static void end(Process driver) throws IOException {
    try {
      if (!driver.waitFor(10, TimeUnit.SECONDS)) {
        driver.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a file system was unmounted");
    }
  }

  private static void lazily(String at) {
    try {
      Command.run("umount", "--lazy", at);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a shell that outlives this process and removes what it left, even if it was killed. */
  private static Process watch(Path base) throws IOException {
    String script =
        "read -r line; tac /proc/self/mounts | cut -d' ' -f2 | grep -F \"$0/\""
            + " | while read -r at; do umount -l \"$at\"; done; rm -rf --one-file-system \"$0\"";
    return new ProcessBuilder("setsid", "sh", "-c", script, base.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void removeLitter(Path parent) throws IOException {
    try (DirectoryStream<Path> runs = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path run : runs) {
        Path file = run.resolve("lock");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            FileLock free = channel.tryLock()) {
          if (free != null) {
            unmountAllBelow(run);
            TreeDeletion.of(run);
          }
        } catch (NoSuchFileException | AccessDeniedException e) {
          // A run that starts just now or that is just being removed, or another user's.
        }
      }
    }
  }

  private static void unmountAllBelow(Path run) throws IOException {
    Deque<Path> found = new ArrayDeque<>();
    for (String line : Files.readAllLines(Stock.path("/proc/self/mounts"))) {
      Path at = Stock.path(line.split(" ", -1)[1]);
      if (at.startsWith(run)) {
        found.push(at);
      }
    }
    for (Path at : found) {
      lazily(at.toString());
    }
  }

  /**
   * A file system that appeared, and the process that it is where that is no part of the kernel.
   */
  private record Mount(Path at, @Nullable Process driver) {}

  /** Makes a file system appear at a directory. */
  private interface Mounting {
    void mount(Path at) throws IOException;
  }
}
