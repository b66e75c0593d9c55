package dev.copyoffload.spi;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the kernel says of this process: its files, and whether a thread is inside a call. */
final class OpenFiles {
  /** Such as {@code 1: POSIX ADVISORY WRITE 4711 00:2a:815 0 EOF}. */
  private static final Pattern LOCK =
      Pattern.compile("\\d+: POSIX +ADVISORY +(\\w+) (\\d+) \\S+:(\\d+) (.*)");

  private OpenFiles() {}

  /** Returns how many descriptors lead to a file, deleted or not. */
  static long descriptors(Path file) throws IOException {
    String[] numbers = new File("/proc/self/fd").list();
    if (numbers == null) {
      throw new IOException("/proc/self/fd cannot be read");
    }
    long found = 0;
    for (String number : numbers) {
      if (leadsTo(file, number)) {
        found++;
      }
    }
    return found;
  }

  private static boolean leadsTo(Path file, String number) throws IOException {
    try {
      String target = Files.readSymbolicLink(Stock.path("/proc/self/fd", number)).toString();
      return target.equals(file.toString()) || target.equals(file + " (deleted)");
    } catch (NoSuchFileException e) {
      // Closed since, such as the descriptor by which the directory was read.
      return false;
    }
  }

  /** Returns the kind and range of each lock that this process holds on a file. */
  static List<String> locks(Path file) throws IOException {
    String process = Long.toString(ProcessHandle.current().pid());
    String inode = Files.getAttribute(file, "unix:ino").toString();
    try (Stream<String> lines = Files.lines(Stock.path("/proc/locks"))) {
      return lines
          .map(LOCK::matcher)
          .filter(Matcher::matches)
          .filter(lock -> lock.group(2).equals(process) && lock.group(3).equals(inode))
          .map(lock -> lock.group(1) + " " + lock.group(4))
          // A line is read twice where somebody's lock appeared or went between two reads.
          .distinct()
          .sorted()
          .toList();
    }
  }

  /** Returns the kernel's number of the calling thread. */
  static String currentThread() throws IOException {
    return Files.readSymbolicLink(Stock.path("/proc/thread-self")).getFileName().toString();
  }

  /** Says whether a thread waits inside a call that a signal ends. */
  static boolean isAsleep(String thread) throws IOException {
    String status = Files.readString(Stock.path("/proc/self/task", thread, "stat"));
    return status.startsWith(") S", status.lastIndexOf(')'));
  }
}
