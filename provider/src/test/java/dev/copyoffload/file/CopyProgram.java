package dev.copyoffload.file;

import dev.copyoffload.linux.Platform;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;

/** What takes a JVM of its own; each prints what became of it. */
enum CopyProgram {
  /** Whether somebody else holds a lock on a file. */
  LOCKS {
    @Override
    void run(Path file) throws IOException {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        print(lock == null ? "held" : "free");
      }
    }
  },

  /** Copies with no direct memory left. */
  NO_DIRECT_MEMORY {
    @Override
    void run(Path directory) throws IOException {
      Platform.load();
      ByteBuffer held = ByteBuffer.allocateDirect(1 << 20);
      copyAll(directory, "first");
      printMemory(held);
    }
  },

  /** Copies with no direct memory left but what an earlier copy has taken. */
  NO_MORE_DIRECT_MEMORY {
    @Override
    void run(Path directory) throws IOException {
      Platform.load();
      copyAll(directory, "first");
      ByteBuffer held = ByteBuffer.allocateDirect((1 << 20) - (int) usedMemory());
      copyAll(directory, "second");
      try {
        Path missing = directory.resolve("missing/target");
        print(FileCopies.copy(source(directory, 4096), missing));
      } catch (IOException e) {
        print(e.getClass().getSimpleName());
      }
      printMemory(held);
    }
  },

  /** Relative paths, started in a directory that is then renamed, with another one in its place. */
  RENAMED_DIRECTORY {
    @Override
    void run(Path directory) throws IOException {
      Platform.load();
      Path a = Path.of("a");
      Files.write(a, new byte[] {1, 2, 3});
      print(FileCopies.copy(a, Path.of("before")));
      Path renamed = Files.move(directory, directory.resolveSibling("renamed"));
      Files.createDirectory(directory);
      Files.write(directory.resolve("a"), new byte[] {4});
      print(FileCopies.copy(a, Path.of("after")));
      print(Files.mismatch(renamed.resolve("a"), renamed.resolve("after")));
      print(Files.exists(directory.resolve("after")));
    }
  },

  /** No thread can be started: its stack finds no room. */
  NO_THREAD {
    @Override
    void run(Path directory) throws IOException, InterruptedException {
      // Its limit is told to it later, since start() itself takes memory, and a thread.
      String command = "read -r limit && exec prlimit --pid $PPID --as=$limit";
      Process limit = new ProcessBuilder("sh", "-c", command).start();
      try (Writer out = limit.outputWriter()) {
        out.write(addressSpace() + ROOM + "\n");
      }
      if (limit.waitFor() != 0 || isThreadStarted()) {
        print("no limit");
        return;
      }
      Path target = directory.resolve("target");
      Path source = source(directory, 100_000);
      print(FileCopies.copy(source, target));
      print(Files.mismatch(source, Files.copy(source, target)));
      print(Platform.isUnavailable() + " " + Platform.unavailabilityCause());
      Files.delete(target);
      print(FileCopies.copy(source, target));
    }

    private long addressSpace() throws IOException {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmSize:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
      throw new IOException("no VmSize");
    }

    private boolean isThreadStarted() {
      try {
        Thread thread = new Thread(() -> {});
        thread.setDaemon(true);
        thread.start();
        return true;
      } catch (OutOfMemoryError e) {
        return false;
      }
    }
  };

  /** Less than the stack that {@link CopyProgramTest} gives a thread, enough for all else. */
  static final long ROOM = 64L << 20;

  /** The argument is a file or a directory. */
  abstract void run(Path argument) throws IOException, InterruptedException;

  private static void copyAll(Path directory, String name) throws IOException {
    for (int size : new int[] {4096, 300_000}) {
      Path source = source(directory, size);
      Path target = directory.resolve(name + size);
      boolean offloaded = FileCopies.copy(source, target);
      if (!offloaded) {
        // Fails if a target was left over.
        Files.copy(source, target);
      }
      print(name + " " + size + " " + offloaded + " " + Arrays.equals(read(source), read(target)));
    }
  }

  /** Not by NIO, which would need direct memory. */
  private static byte[] read(Path file) throws IOException {
    try (FileInputStream in = new FileInputStream(file.toString())) {
      return in.readAllBytes();
    }
  }

  private static long usedMemory() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getTotalCapacity)
        .sum();
  }

  private static void printMemory(ByteBuffer held) {
    print(usedMemory() + " bytes used, " + held.capacity() / 1024 + " KiB by the program");
  }

  private static Path source(Path directory, int size) throws IOException {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    Path file = directory.resolve("source" + size);
    if (!Files.exists(file)) {
      // Not by NIO, which would need direct memory.
      try (FileOutputStream out = new FileOutputStream(file.toString())) {
        out.write(bytes);
      }
    }
    return file;
  }

  @SuppressWarnings("SystemOut") // read by the test
  private static void print(Object line) {
    System.out.println("> " + line);
  }

  public static void main(String[] arguments) throws Exception {
    valueOf(arguments[0]).run(Path.of(arguments[1]));
  }
}
