package dev.copyoffload.spi;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.CopyOffload;
import java.io.Closeable;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Transfers that a second thread ends at random moments, by closing a channel or by an interrupt,
 * while a third opens and writes files of its own, whose descriptors get the numbers just closed.
 *
 * <p>{@code -Dcopyoffload.test.seed=N} repeats the choices of a run, {@code
 * -Dcopyoffload.test.rounds=N} makes it longer.
 */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
@SuppressWarnings("NullAway.Init") // JUnit injects the parameter
final class TransferStressTest {
  private static final int ROUNDS = Integer.getInteger("copyoffload.test.rounds", 300);
  private static final int SIZE = 900_000;
  private static final int FOREIGN_FILES = 6;
  private static final int PATIENCE_SECONDS = 300;

  private final long seed = Long.getLong("copyoffload.test.seed", System.nanoTime());

  @Parameter Route route;

  /** What is done to a transfer, after some time. */
  private static final boolean JDK_GUARDS_TARGETS = Runtime.version().feature() >= 20;

  private static final boolean JDK_SHARES = Runtime.version().feature() >= 20;

  private record Disturbance(long nanos, Runnable action, boolean isLast) {
    static final Runnable NOTHING = () -> {};
    static final Disturbance LAST = new Disturbance(0, NOTHING, true);
  }

  @Test
  void testTransfer_isDisturbed() throws Exception {
    route.require();
    NativeCode.isThere();
    System.out.printf(
        "disturbed transfers on %s: %d rounds, -Dcopyoffload.test.seed=%d%n", route, ROUNDS, seed);
    // Of the default file system, which under the agent is another one than that of the volumes.
    Path root = Path.of(route.to().root().toString());
    Path directory = Files.createTempDirectory(root, "stress");
    try {
      Files.write(directory.resolve("dense"), bytes(1, SIZE));
      byte[] sparse = new byte[SIZE];
      try (RandomAccessFile file =
          new RandomAccessFile(directory.resolve("sparse").toFile(), "rw")) {
        file.setLength(SIZE);
        for (int at = 50_000; at < SIZE - 70_000; at += 300_000) {
          byte[] data = bytes(at, 70_000);
          System.arraycopy(data, 0, sparse, at, data.length);
          file.seek(at);
          file.write(data);
        }
      }
      // Whatever is opened once and kept, such as a pipe, is open after the first rounds.
      spliceOnce(directory);
      new Stress(directory, new Random(seed), sparse).run(20);
      Map<String, String> before = descriptorsInUse();
      long offloadedBefore = offloaded();
      Stress stress = new Stress(directory, new Random(seed), sparse);
      String summary = stress.run(ROUNDS);
      System.out.println(summary);
      // A transfer that was ended with bytes in its pipe has closed that.
      spliceOnce(directory);
      Map<String, String> after = descriptors();
      assertEquals(
          before.size(), after.size(), () -> summary + ", open were " + before + ", are " + after);
      assertTrue(stress.undisturbed > 0, summary);
      assertTrue(offloaded() > offloadedBefore, summary);
    } finally {
      TreeDeletion.of(directory);
    }
  }

  /** Moves bytes between offsets that cannot share blocks. */
  private static void spliceOnce(Path directory) throws IOException {
    try (FileChannel in = FileChannel.open(directory.resolve("dense"), READ);
        FileChannel out = FileChannel.open(directory.resolve("target"), WRITE, CREATE)) {
      assertEquals(SIZE - 1, CopyOffload.transfer(in, 1, out, 0, SIZE));
    }
  }

  private static long offloaded() {
    return CopyOffload.statistics().copiesByMethod().values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /** Without what earlier tests in this JVM left open, which a collection would close meanwhile. */
  private static Map<String, String> descriptorsInUse() throws InterruptedException {
    Map<String, String> open = descriptors();
    Map<String, String> before;
    do {
      before = open;
      System.gc();
      Thread.sleep(100);
      open = descriptors();
    } while (open.size() < before.size());
    return open;
  }

  /** What is open by which number. */
  private static Map<String, String> descriptors() {
    Map<String, String> open = new TreeMap<>();
    for (String number : requireNonNull(new File("/proc/self/fd").list())) {
      try {
        open.put(number, Files.readSymbolicLink(Path.of("/proc/self/fd", number)).toString());
      } catch (IOException e) {
        // That of the list itself.
        open.put(number, "closed");
      }
    }
    return open;
  }

  private static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Three threads and what they share. */
  private static final class Stress {
    private final Path directory;
    private final Random random;
    private final byte[] dense = bytes(1, SIZE);
    private final byte[] sparse;
    private final SynchronousQueue<Disturbance> disturbances = new SynchronousQueue<>();
    private final Semaphore disturbed = new Semaphore(0);
    private final AtomicBoolean over = new AtomicBoolean();
    private int ended;
    private int whole;
    private int undisturbed;

    Stress(Path directory, Random random, byte[] sparse) {
      this.directory = directory;
      this.random = random;
      this.sparse = sparse;
    }

    String run(int rounds) throws Exception {
      FutureTask<Long> foreign = started("foreign", this::writeForeignFiles);
      FutureTask<Long> disturber = started("disturber", this::disturb);
      FutureTask<Long> mover = started("mover", () -> move(rounds));
      try {
        // A virtual machine may stand still for minutes: so much more than it takes.
        result(mover, PATIENCE_SECONDS + rounds / 10);
        result(disturber, PATIENCE_SECONDS);
      } finally {
        over.set(true);
      }
      long checked = result(foreign, PATIENCE_SECONDS);
      assertArrayEquals(dense, Files.readAllBytes(directory.resolve("dense")));
      assertArrayEquals(sparse, Files.readAllBytes(directory.resolve("sparse")));
      assertTrue(checked > 0);
      assertTrue(whole > 0);
      return whole + " whole, " + ended + " ended, " + checked + " foreign files";
    }

    private static FutureTask<Long> started(String name, Callable<Long> work) {
      FutureTask<Long> task = new FutureTask<>(work);
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      thread.start();
      return task;
    }

    /** A thread that hangs is worth a dump of all, and no reason to hang as well. */
    private static long result(FutureTask<Long> task, long seconds) throws Exception {
      try {
        return task.get(seconds, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        StringBuilder dump = new StringBuilder("hangs:\n");
        for (Map.Entry<Thread, StackTraceElement[]> thread :
            Thread.getAllStackTraces().entrySet()) {
          dump.append(thread.getKey()).append(' ').append(thread.getKey().getState()).append('\n');
          for (StackTraceElement frame : thread.getValue()) {
            dump.append("    ").append(frame).append('\n');
          }
        }
        throw new AssertionError(dump.toString(), e);
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause());
      }
    }

    private long disturb() throws InterruptedException {
      while (true) {
        Disturbance next = disturbances.take();
        if (next.isLast) {
          return 0;
        }
        long until = System.nanoTime() + next.nanos;
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
        try {
          next.action.run();
        } finally {
          disturbed.release();
        }
      }
    }

    /** Opens, writes, reads and closes without a pause; what is in a file is known at any time. */
    private long writeForeignFiles() throws IOException {
      Random own = new Random(3);
      byte[][] contents = new byte[FOREIGN_FILES][0];
      long checked = 0;
      for (int i = 0; i < FOREIGN_FILES; i++) {
        Files.deleteIfExists(directory.resolve("foreign" + i));
      }
      while (!over.get() || checked < FOREIGN_FILES) {
        int i = own.nextInt(FOREIGN_FILES);
        Path file = directory.resolve("foreign" + i);
        if (Files.exists(file)) {
          assertArrayEquals(contents[i], Files.readAllBytes(file), file.toString());
        }
        contents[i] = bytes(own.nextLong(), own.nextInt(20_000));
        if (own.nextBoolean()) {
          try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            out.write(contents[i], 0, contents[i].length / 2);
            out.write(contents[i], contents[i].length / 2, (contents[i].length + 1) / 2);
          }
        } else {
          try (FileChannel out = FileChannel.open(file, READ, WRITE, CREATE, TRUNCATE_EXISTING)) {
            out.write(ByteBuffer.wrap(contents[i]));
            ByteBuffer back = ByteBuffer.allocate(contents[i].length);
            while (back.hasRemaining() && out.read(back, back.position()) >= 0) {
              // Until all is read, or the end comes too soon.
            }
            assertArrayEquals(contents[i], back.array(), file.toString());
          }
        }
        checked++;
      }
      for (int i = 0; i < FOREIGN_FILES; i++) {
        Path file = directory.resolve("foreign" + i);
        if (Files.exists(file)) {
          assertArrayEquals(contents[i], Files.readAllBytes(file), file.toString());
        }
      }
      return checked;
    }

    private long move(int rounds) throws IOException, InterruptedException {
      try {
        for (int i = 0; i < rounds; i++) {
          round();
        }
      } finally {
        disturbances.put(Disturbance.LAST);
      }
      return rounds;
    }

    private void round() throws IOException, InterruptedException {
      boolean holes = random.nextInt(3) == 0;
      byte[] content = holes ? sparse : dense;
      // A transfer of streams begins where they are, and ends with the source.
      // transferTo of JDK 17 takes no care of a target that is closed under its call, and what is
      // declined, such as ranges that share no blocks, is its own.
      int way = JDK_GUARDS_TARGETS ? random.nextInt(4) : 1 + random.nextInt(3);
      Path source = path(holes ? "sparse" : "dense", way == 0 || way == 3);
      Path target = path("target", way == 1);
      Files.write(target, new byte[0]);
      int from = random.nextBoolean() ? 0 : random.nextInt(SIZE / 2);
      int at = random.nextBoolean() ? from : random.nextInt(100_000);
      int count = 65_536 + random.nextInt(SIZE);
      long moved = -1;
      try (FileChannel in = FileChannel.open(source, READ);
          FileChannel out = FileChannel.open(target, WRITE);
          InputStream inStream = Files.newInputStream(source);
          OutputStream outStream = Files.newOutputStream(target, WRITE)) {
        Closeable left = way == 3 ? inStream : in;
        Closeable right = way == 3 ? outStream : out;
        Disturbance disturbance = disturbance(left, right);
        disturbances.put(disturbance);
        try {
          moved =
              switch (way) {
                case 0 -> in.transferTo(from, count, out.position(at));
                case 1 -> out.transferFrom(in.position(from), 0, count);
                case 2 -> CopyOffload.transfer(in, from, out, at, count);
                default -> inStream.transferTo(outStream);
              };
          whole++;
          if (disturbance.action == Disturbance.NOTHING) {
            undisturbed++;
            long there = way == 3 ? SIZE : Math.min(count, SIZE - from);
            // The JDK's own channels may stop at the last whole block, from JDK 20 on.
            assertTrue(moved == there || (way < 2 && JDK_SHARES && moved > 0), moved + " " + there);
          }
        } catch (ClosedChannelException e) {
          ended++;
        } finally {
          disturbed.acquireUninterruptibly();
          Thread.interrupted();
        }
      }
      check(content, way == 3 ? 0 : from, way == 0 || way == 2 ? at : 0, moved);
    }

    private Path path(String name, boolean asked) {
      Path raw = directory.resolve(name);
      return !asked && random.nextInt(4) == 0
          ? raw
          : WrappingTest.Wrapping.PROVIDER.getPath(raw.toUri());
    }

    private Disturbance disturbance(Closeable source, Closeable target) {
      Thread mover = Thread.currentThread();
      long nanos = random.nextInt(random.nextBoolean() ? 50_000 : 600_000);
      Runnable action =
          switch (random.nextInt(4)) {
            case 0 -> () -> close(source);
            case 1 -> () -> close(target);
            case 2 -> mover::interrupt;
            default -> Disturbance.NOTHING;
          };
      return new Disturbance(nanos, action, false);
    }

    private static void close(Closeable end) {
      try {
        end.close();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    /** All that was counted is there, and nothing is there that is not the source's. */
    private void check(byte[] content, int from, int at, long moved) throws IOException {
      byte[] result = Files.readAllBytes(directory.resolve("target"));
      if (moved > 0) {
        assertArrayEquals(
            Arrays.copyOfRange(content, from, from + (int) moved),
            Arrays.copyOfRange(result, at, at + (int) moved));
      }
      for (int i = 0; i < result.length; i++) {
        int source = i - at + from;
        boolean known = i >= at && source < content.length && result[i] == content[source];
        if (result[i] != 0 && !known) {
          throw new AssertionError("byte " + i + " of " + result.length + " is not the source's");
        }
      }
    }
  }
}
