package dev.copyoffload.spi.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.copyoffload.linux.Errno;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every errno of the table from every system call of a real JVM's copies: the target is the same
 * byte for byte, or the copy fails with that errno and leaves nothing.
 *
 * <p>Runs in the directory for temporary files, and in those that the environment variable {@code
 * COPYOFFLOAD_FAULT_DIRS} lists, separated by colons.
 */
@Timeout(value = 170, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StraceInjectionTest {
  private static final Set<Errno> TERMINAL =
      EnumSet.of(Errno.ENOSPC, Errno.EDQUOT, Errno.ENOMEM, Errno.EISDIR, Errno.EROFS, Errno.EFAULT);

  private static final Set<Errno> TERMINAL_AFTER_PROGRESS =
      EnumSet.of(Errno.EPERM, Errno.ENOENT, Errno.EIO);

  private static final Set<Errno> TABLE =
      EnumSet.of(
          Errno.ENOSYS,
          Errno.EOPNOTSUPP,
          Errno.ENOTTY,
          Errno.EXDEV,
          Errno.EINVAL,
          Errno.EBADF,
          Errno.EPERM,
          Errno.EACCES,
          Errno.ENOENT,
          Errno.ETXTBSY,
          Errno.EIO,
          Errno.EFBIG,
          Errno.EOVERFLOW,
          Errno.EAGAIN,
          Errno.EINTR);

  static {
    TABLE.addAll(TERMINAL);
  }

  /** fstatfs(2) says NFS, where copy_file_range comes first. */
  private static final String LOOKS_REMOTE = "inject=fstatfs:poke_exit=@arg2=6969000000000000";

  @TempDir static Path temporary;

  private enum Source {
    /** Three calls and more of splice, pread64 and pwrite64. */
    DENSE,
    /** The same of copy_file_range and sendfile. */
    LARGE,
    SPARSE
  }

  /** How an errno at the given call is to end. */
  private enum Ending {
    FAILS,
    /** What a filter answers for the kernel is got round. */
    FAILS_UNLESS_REFUSED,
    FAILS_IF_TERMINAL,
    FAILS_IF_TERMINAL_AFTER_PROGRESS,
    NEVER_FAILS,
    /** The JDK's own code tries again, from the start. */
    STOCK;

    boolean isFatal(Errno errno) {
      boolean terminal = TERMINAL.contains(errno);
      return errno != Errno.EINTR
          && switch (this) {
            case FAILS -> true;
            case FAILS_UNLESS_REFUSED ->
                errno != Errno.EPERM && errno != Errno.EACCES && errno != Errno.ENOSYS;
            case FAILS_IF_TERMINAL -> terminal;
            case FAILS_IF_TERMINAL_AFTER_PROGRESS ->
                terminal || TERMINAL_AFTER_PROGRESS.contains(errno);
            case NEVER_FAILS, STOCK -> false;
          };
    }
  }

  /** A call, which of its occurrences fails, and what it takes to get there. */
  enum Injection {
    CLONE("ioctl", "1", Source.DENSE, "", Ending.NEVER_FAILS),
    COPY_FILE_RANGE_1("copy_file_range", "1", Source.LARGE, "ficlone", Ending.FAILS_IF_TERMINAL),
    COPY_FILE_RANGE_3(
        "copy_file_range", "3", Source.LARGE, "ficlone", Ending.FAILS_IF_TERMINAL_AFTER_PROGRESS),
    // A splice in and a splice out are two calls.
    SPLICE_IN_1("splice", "1", Source.DENSE, "ficlone", Ending.FAILS_IF_TERMINAL),
    SPLICE_OUT_1("splice", "2", Source.DENSE, "ficlone", Ending.FAILS_IF_TERMINAL),
    SPLICE_IN_3("splice", "5", Source.DENSE, "ficlone", Ending.FAILS_IF_TERMINAL_AFTER_PROGRESS),
    SPLICE_OUT_3("splice", "6", Source.DENSE, "ficlone", Ending.FAILS_IF_TERMINAL_AFTER_PROGRESS),
    PIPE("pipe2", "1", Source.DENSE, "ficlone", Ending.FAILS_IF_TERMINAL),
    PIPE_WIDTH("fcntl", "1+", Source.DENSE, "ficlone", Ending.FAILS_IF_TERMINAL),
    SENDFILE_1("sendfile", "1", Source.LARGE, "ficlone,splice", Ending.FAILS_IF_TERMINAL),
    SENDFILE_3(
        "sendfile", "3", Source.LARGE, "ficlone,splice", Ending.FAILS_IF_TERMINAL_AFTER_PROGRESS),
    SENDFILE_POSITION("lseek", "1", Source.DENSE, "ficlone,splice", Ending.FAILS_IF_TERMINAL),
    READ_1("pread64", "1", Source.DENSE, "ficlone,splice,sendfile", Ending.FAILS),
    READ_3("pread64", "3", Source.DENSE, "ficlone,splice,sendfile", Ending.FAILS),
    WRITE_1("pwrite64", "1", Source.DENSE, "ficlone,splice,sendfile", Ending.FAILS),
    WRITE_3("pwrite64", "3", Source.DENSE, "ficlone,splice,sendfile", Ending.FAILS),
    SEEK_1("lseek", "1", Source.SPARSE, "ficlone", Ending.NEVER_FAILS),
    SEEK_3("lseek", "3", Source.SPARSE, "ficlone", Ending.NEVER_FAILS),
    LENGTH("ftruncate", "1", Source.SPARSE, "ficlone", Ending.FAILS_UNLESS_REFUSED),
    CLOSE_TARGET("close", "1", Source.DENSE, "ficlone", Ending.FAILS),
    CLOSE_SOURCE("close", "2", Source.DENSE, "ficlone", Ending.NEVER_FAILS),
    STATUS("statx", "1", Source.DENSE, "ficlone", Ending.STOCK),
    OPEN_TARGET("openat", "1", Source.DENSE, "ficlone", Ending.STOCK),
    OPEN_SOURCE("openat", "2", Source.DENSE, "ficlone", Ending.STOCK);

    private final String call;
    private final String when;
    private final Source source;
    private final String disabled;
    private final Ending ending;

    Injection(String call, String when, Source source, String disabled, Ending ending) {
      this.call = call;
      this.when = when;
      this.source = source;
      this.disabled = disabled;
      this.ending = ending;
    }

    List<String> options(Path from, Path to, Errno errno) {
      List<String> options = new ArrayList<>();
      options.add("--trace=" + call + (isRemote() ? ",fstatfs" : ""));
      options.add("--inject=" + call + ":error=" + errno + ":when=" + when);
      if (isRemote()) {
        options.addAll(List.of("-e", LOOKS_REMOTE));
      }
      if (!call.equals("pipe2") && !call.equals("fcntl")) {
        // Only calls on these two: the JVM reads its classes with pread64 and lseek too.
        options.addAll(List.of("-P", from.toString(), "-P", to.toString()));
      }
      return options;
    }

    private boolean isRemote() {
      return call.equals("copy_file_range");
    }
  }

  @BeforeAll
  static void checkTools() {
    assumeTrue(TracedJvm.isPossible(), "needs strace, and root to attach it");
  }

  private static List<Path> directories() throws IOException {
    List<Path> directories = new ArrayList<>(List.of(temporary));
    String named = System.getenv().getOrDefault("COPYOFFLOAD_FAULT_DIRS", "");
    for (String directory : named.split(File.pathSeparator, -1)) {
      if (!directory.isEmpty()) {
        directories.add(Files.createTempDirectory(Path.of(directory), "faults"));
      }
    }
    return directories;
  }

  @ParameterizedTest
  @EnumSource
  void testErrors(Injection injection) throws Exception {
    List<String> wrong = new ArrayList<>();
    for (Path directory : directories()) {
      Path source = create(directory.resolve("source"), injection.source);
      Path small = create(directory.resolve("small"), 100_000);
      Path target = directory.resolve("target");
      try (TracedJvm jvm = new TracedJvm(injection.disabled)) {
        // Loads classes, but makes no pipe.
        assertEquals("offloaded", jvm.copy(small, target));
        Files.delete(target);
        for (Errno errno : TABLE) {
          Path log = temporary.resolve("log");
          String said =
              jvm.copyTraced(source, target, log, injection.options(source, target, errno));
          String problem = problem(injection, errno, said, source, target, Files.readString(log));
          if (!problem.isEmpty()) {
            wrong.add(errno + " in " + directory + ": " + problem + "; the program said: " + said);
          }
          Files.deleteIfExists(target);
        }
      } finally {
        Files.delete(source);
        Files.delete(small);
        Files.deleteIfExists(target);
        if (!directory.equals(temporary)) {
          Files.delete(directory);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static String problem(
      Injection injection, Errno errno, String said, Path source, Path target, String log)
      throws IOException {
    if (!log.contains("INJECTED")) {
      return "the call was not made";
    }
    boolean fatal = injection.ending.isFatal(errno);
    if (fatal) {
      if (!said.contains(errno + " (" + errno.number() + ")")) {
        return "does not fail with this errno";
      }
      return Files.exists(target) ? "leaves a target" : "";
    }
    boolean stock = injection.ending == Ending.STOCK;
    if (!said.equals("offloaded") && !(stock && said.equals("stock"))) {
      return "is not copied";
    }
    return Files.mismatch(source, target) < 0 ? "" : "differs";
  }

  private static Path create(Path file, int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Files.write(file, bytes);
  }

  private static Path create(Path file, Source kind) throws IOException {
    switch (kind) {
      case DENSE -> create(file, (3 << 20) + 12_345);
      case LARGE -> create(file, (17 << 20) + 12_345);
      case SPARSE -> {
        create(file, 600_000);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
          out.seek(5 << 20);
          out.write(new byte[300_000]);
          out.write(7);
          out.setLength(9 << 20);
        }
      }
    }
    return file;
  }
}
