package dev.copyoffload;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** System calls of x86-64 that a filter of seccomp(2) refuses to one thread. */
enum RefusedCalls {
  IOCTL(16),
  SENDFILE(40),
  FCNTL(72),
  FTRUNCATE(77),
  FCHMOD(91),
  FCHOWN(93),
  FSTATFS(138),
  FSETXATTR(190),
  FGETXATTR(193),
  FLISTXATTR(196),
  LINKAT(265),
  SPLICE(275),
  UTIMENSAT(280),
  FALLOCATE(285),
  PIPE2(293),
  RENAMEAT2(316),
  MEMFD_CREATE(319),
  COPY_FILE_RANGE(326),
  STATX(332);

  static final int EPERM = 1;
  static final int ENOSYS = 38;

  /** What a copy is, if it is. */
  static final String WELL = " well";

  private static final int SIZE = 300_000;

  private final int number;

  RefusedCalls(int number) {
    this.number = number;
  }

  /** What each of {@link #copies} comes to in a thread that is refused this call. */
  List<String> refusedCopies(Path dir, int errno) throws Exception {
    List<String> outcomes = new ArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              refuse(errno);
              outcomes.addAll(copies(dir));
            });
    thread.start();
    thread.join();
    return outcomes;
  }

  /** See seccomp(2): a program of the packet filter for {@code struct seccomp_data}. */
  private void refuse(int errno) {
    int[][] program = {
      {0x20, 0, 0, 0}, // load the number
      {0x15, 0, 1, number}, // skip one unless equal
      {0x06, 0, 0, 0x0005_0000 | errno}, // SECCOMP_RET_ERRNO
      {0x06, 0, 0, 0x7fff_0000}, // SECCOMP_RET_ALLOW
    };
    try (Memory filter = new Memory(8L * program.length);
        Memory pointer = new Memory(16)) {
      for (int i = 0; i < program.length; i++) {
        filter.setShort(8L * i, (short) program[i][0]);
        filter.setByte(8L * i + 2, (byte) program[i][1]);
        filter.setByte(8L * i + 3, (byte) program[i][2]);
        filter.setInt(8L * i + 4, program[i][3]);
      }
      pointer.setShort(0, (short) program.length);
      pointer.setPointer(8, filter);
      Function prctl = Function.getFunction("c", "prctl");
      // PR_SET_NO_NEW_PRIVS; PR_SET_SECCOMP with SECCOMP_MODE_FILTER
      int result =
          prctl.invokeInt(new Object[] {38, 1L, 0L, 0L, 0L})
              | prctl.invokeInt(new Object[] {22, 2L, pointer});
      if (result != 0) {
        throw new IllegalStateException("prctl: errno " + Native.getLastError());
      }
    }
  }

  /** What copies in a directory, and out of it, come to. */
  static List<String> copies(Path dir) {
    List<String> outcomes = new ArrayList<>();
    Path outside = dir.resolve("../..");
    outcomes.add("copy" + outcome(dir, dir, (a, b) -> Files.copy(a, b)));
    outcomes.add(
        "attributes"
            + outcome(dir, dir, (a, b) -> Files.copy(a, b, StandardCopyOption.COPY_ATTRIBUTES)));
    outcomes.add("out" + outcome(dir, outside, (a, b) -> Files.copy(a, b)));
    outcomes.add("move" + outcome(dir, outside, (a, b) -> Files.move(Files.copy(a, aside(a)), b)));
    outcomes.add(
        "replace"
            + outcome(
                dir,
                dir,
                (a, b) -> {
                  Files.write(b, new byte[10]);
                  return Files.copy(a, b, StandardCopyOption.REPLACE_EXISTING);
                }));
    outcomes.add("to" + outcome(dir, outside, (a, b) -> transfer(a, b, true)));
    outcomes.add("from" + outcome(dir, outside, (a, b) -> transfer(a, b, false)));
    outcomes.add(
        "streams"
            + outcome(
                dir,
                outside,
                (a, b) -> {
                  try (InputStream in = Files.newInputStream(a);
                      OutputStream out = Files.newOutputStream(b)) {
                    return in.transferTo(out);
                  }
                }));
    return outcomes;
  }

  private static Path aside(Path file) {
    return file.resolveSibling(file.getFileName() + ".aside");
  }

  private static Object transfer(Path from, Path to, boolean asksSource) throws Exception {
    try (FileChannel in = FileChannel.open(from);
        FileChannel out =
            FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < in.size(); ) {
        at +=
            asksSource
                ? in.transferTo(at, in.size() - at, out)
                : out.transferFrom(in.position(at), at, in.size() - at);
      }
      return in;
    }
  }

  private static String outcome(Path dir, Path to, Copy copy) {
    try {
      Path a = Files.createTempFile(dir, "a", null);
      byte[] bytes = new byte[SIZE];
      Arrays.fill(bytes, 100_000, 200_000, (byte) 1);
      Files.write(a, bytes);
      Path b = Files.createTempDirectory(to, "b").resolve("b");
      try {
        copy.run(a, b);
      } catch (Exception e) {
        return " " + e.getClass() + (Files.exists(b) ? " and left a target" : "");
      }
      return Files.mismatch(a, b) < 0 ? WELL : " differs";
    } catch (Exception e) {
      return " cannot be tried: " + e.getClass();
    }
  }

  /** One way to copy. */
  private interface Copy {
    Object run(Path from, Path to) throws Exception;
  }
}
