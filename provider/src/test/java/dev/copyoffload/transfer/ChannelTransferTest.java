package dev.copyoffload.transfer;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.copyoffload.CopyOffload;
import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.NativeCode;
import dev.copyoffload.linux.SystemCalls;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sun.nio.ch.OffloadChannels;
import sun.nio.ch.TransferHook;

/** Transfers by real system calls, in the midst of which something happens. */
class ChannelTransferTest {
  private static final int SIZE = 12 << 20;
  private static final byte[] LINE =
      "a line\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  /** What moves or shares bytes. */
  private static final Set<String> COPYING =
      Set.of(
          "ficlonerange", "copyFileRange", "spliceIn", "spliceOut", "sendfile", "pread", "pwrite");

  /** What happens once, within the first call that may move bytes. */
  private interface Event {
    void happen() throws IOException;
  }

  @TempDir Path directory;
  private final byte[] content = new byte[SIZE];
  private Path source;
  private Path target;
  private Event event = () -> {};
  private final AtomicBoolean happened = new AtomicBoolean();
  private Set<String> failing = Set.of();
  private final Set<String> asked = new HashSet<>();
  private ChannelTransfer transfer;

  @BeforeEach
  void layOut() throws IOException {
    SystemCalls calls = NativeCode.require();
    new Random(7).nextBytes(content);
    source = Files.write(directory.resolve("source"), content);
    target = directory.resolve("target");
    assertTrue(FileChannelInternals.areKnown());
    transfer =
        new ChannelTransfer(
            (SystemCalls)
                Proxy.newProxyInstance(
                    SystemCalls.class.getClassLoader(),
                    new Class<?>[] {SystemCalls.class},
                    (proxy, method, arguments) -> {
                      asked.add(method.getName());
                      if (COPYING.contains(method.getName()) && !happened.getAndSet(true)) {
                        event.happen();
                      } else if (failing.contains(method.getName())) {
                        int failure = -Errno.ENOSPC.number();
                        return method.getReturnType() == int.class
                            ? failure
                            : (Object) (long) failure;
                      }
                      try {
                        return method.invoke(calls, arguments);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    }));
  }

  /** Streams of a JDK that shares by itself ask for all that there may be. */
  @Test
  void testTransfer_ofLittleAsksTheKernelNothing() throws IOException {
    assumeTrue(Capability.JDK_SHARES);
    Files.write(source, new byte[64 << 10]);
    FileChannel closed = FileChannel.open(source, READ);
    closed.close();
    try (FileChannel in = FileChannel.open(source, READ);
        FileChannel out = FileChannel.open(target, CREATE, WRITE)) {
      assertEquals(0, transfer.to(in, 0, Long.MAX_VALUE, out));
      assertEquals(0, transfer.from(in, out, 0, Long.MAX_VALUE));
      assertEquals(0, transfer.to(in, 1 << 20, Long.MAX_VALUE, out));
      assertEquals(0, transfer.to(closed, 0, Long.MAX_VALUE, out));
      Thread.currentThread().interrupt();
      assertEquals(0, transfer.from(in, out, 0, Long.MAX_VALUE));
      assertTrue(Thread.interrupted());
      assertTrue(in.isOpen());
    }
    assertEquals(Set.of(), asked);
  }

  /** It does as well on a file system that shares or copies, as one that nobody knows may. */
  @Test
  void testTransfer_isLeftToAJdkThatShares() throws IOException {
    assumeTrue(Capability.JDK_SHARES);
    failing = Set.of("fstatfs");
    try (FileChannel in = FileChannel.open(source, READ);
        FileChannel out = FileChannel.open(target, CREATE, WRITE)) {
      assertEquals(0, transfer.to(in, 0, SIZE, out));
      assertEquals(0, transfer.from(in, out, 0, SIZE));
    }
    assertTrue(asked.contains("fstatfs"));
    assertFalse(happened.get());
  }

  private void assertHappened() {
    assertTrue(happened.get(), "nothing was offloaded");
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void testRest_whileAnotherStreamWrites(boolean ofSameDescriptor) throws IOException {
    try (InputStream in = new FileInputStream(source.toFile());
        FileOutputStream out = new FileOutputStream(target.toFile());
        FileOutputStream other = ofSameDescriptor ? new FileOutputStream(out.getFD()) : out) {
      out.write(LINE);
      event = () -> other.write(LINE);
      assertEquals(SIZE, StreamTransfer.run(transfer, in, out));
      assertHappened();
      out.write(1);
    }
    assertArrayEquals(joined(LINE, content, LINE, new byte[] {1}), Files.readAllBytes(target));
  }

  @Test
  void testRest_whileAnotherThreadReads() throws IOException {
    byte[] elsewhere = new byte[100];
    int[] read = new int[1];
    try (InputStream in = new FileInputStream(source.toFile());
        OutputStream out = new FileOutputStream(target.toFile())) {
      event = () -> read[0] = in.read(elsewhere);
      long transferred = StreamTransfer.run(transfer, in, out);
      assertHappened();
      // Each byte came out once.
      assertEquals(SIZE, transferred + Math.max(0, read[0]));
    }
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @Test
  void testTo_whileAnotherWrites() throws IOException {
    try (FileChannel in = FileChannel.open(source, READ);
        FileOutputStream out = new FileOutputStream(target.toFile())) {
      event = () -> out.write(LINE);
      assertEquals(SIZE, transfer.to(in, 0, Long.MAX_VALUE, out.getChannel()));
      assertHappened();
      assertEquals(SIZE + LINE.length, out.getChannel().position());
    }
    assertArrayEquals(joined(content, LINE), Files.readAllBytes(target));
  }

  @Test
  void testFrom_whileAnotherReads() throws IOException {
    try (FileInputStream in = new FileInputStream(source.toFile());
        FileChannel out = FileChannel.open(target, WRITE, CREATE)) {
      event = () -> assertEquals(-1, in.read());
      assertEquals(SIZE, transfer.from(in.getChannel(), out, 0, Long.MAX_VALUE));
      assertHappened();
      assertEquals(SIZE, in.getChannel().position());
    }
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  /** size() and position() take that lock. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void testTransfer_holdsNoLock(boolean sparse) throws IOException {
    if (sparse) {
      try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
        file.setLength(3L * SIZE);
      }
    }
    try (FileChannel in = FileChannel.open(source, READ);
        FileChannel out = FileChannel.open(target, WRITE, CREATE)) {
      event =
          () -> {
            assertFalse(Thread.holdsLock(OffloadChannels.positionLock(in)));
            assertFalse(Thread.holdsLock(OffloadChannels.positionLock(out)));
          };
      long size = in.size();
      assertEquals(size, transfer.to(in, 0, size, out));
      assertHappened();
      happened.set(false);
      assertEquals(size, transfer.from(in, out, 0, size));
      assertHappened();
      happened.set(false);
      assertEquals(size, transfer.rest(in.position(0), out.position(0)));
      assertHappened();
    }
    assertEquals(-1, Files.mismatch(source, target));
  }

  /** Programs keep the result in an int. */
  @Test
  void testTo_isNoMoreThanTheKernels() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
      file.setLength((3L << 30) + 5);
    }
    try (FileChannel in = FileChannel.open(source, READ);
        FileChannel out = FileChannel.open(target, WRITE, CREATE)) {
      assertEquals(0x7FFF_F000L, transfer.to(in, 0, Long.MAX_VALUE, out));
      assertHappened();
      assertEquals(0x7FFF_F000L, out.position());
    }
  }

  /** The JDK's code reads what it has written. */
  @Test
  void testTransfer_overlapping() throws IOException {
    try (FileChannel in = FileChannel.open(source, READ);
        FileChannel out = FileChannel.open(source, WRITE)) {
      int count = 9 << 20;
      for (int distance : new int[] {0, 1, 4096, SIZE - count}) {
        assertEquals(0, transfer.to(in, 0, count, out.position(distance)));
        assertEquals(0, transfer.to(in, distance, count, out.position(0)));
        assertEquals(0, out.position());
        assertEquals(0, transfer.from(in.position(0), out, distance, count));
        assertEquals(0, transfer.from(in.position(distance), out, 0, count));
        assertEquals(distance, in.position());
      }
      assertFalse(happened.get());
      // Side by side.
      assertEquals(SIZE, transfer.from(in.position(0), out, SIZE, SIZE));
      assertHappened();
    }
  }

  /** An interrupt while it is asked would close a channel, and the loop would not know why. */
  @Test
  void testLoop_ofInterruptedThread_asksNoChannel() throws IOException {
    OfferingHook.install();
    try (FileChannel channel = FileChannel.open(source, READ);
        InputStream in = Channels.newInputStream(channel);
        OutputStream out = new FileOutputStream(target.toFile())) {
      Thread.currentThread().interrupt();
      assertTrue(TransferHook.isOffered(in, out));
      assertTrue(Thread.interrupted());
      assertFalse(TransferHook.isOffered(Channels.newInputStream(channel.position(SIZE - 1)), out));
      assertEquals(SIZE - 1, channel.position());
    }
  }

  /** Another one that writes on from there would leave a gap, or write over what it has. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void testRest_fullDisk(boolean anotherWrites) throws IOException {
    try (FileInputStream in = new FileInputStream(source.toFile());
        FileOutputStream out = new FileOutputStream(target.toFile())) {
      failing = COPYING;
      event =
          () -> {
            if (anotherWrites) {
              out.write(LINE);
            }
          };
      long moved = transfer.rest(in.getChannel(), out.getChannel());
      assertHappened();
      assertTrue(moved < SIZE);
      assertEquals(moved, in.getChannel().position());
      assertEquals(anotherWrites ? SIZE + LINE.length : moved, out.getChannel().position());
    }
  }

  /** Other processes may have it open, and write at the same offset. */
  @Test
  void testTransfer_ofInheritedDescriptors() throws IOException {
    try (FileInputStream in = new FileInputStream(source.toFile());
        FileOutputStream out = new FileOutputStream(target.toFile());
        FileInputStream given = new FileInputStream(in.getFD());
        FileOutputStream taken = new FileOutputStream(out.getFD())) {
      assertEquals(0, StreamTransfer.run(transfer, in, taken));
      assertEquals(0, StreamTransfer.run(transfer, given, out));
      FileChannel from = given.getChannel();
      FileChannel to = taken.getChannel();
      assertEquals(0, transfer.to(in.getChannel(), 0, SIZE, to));
      assertEquals(0, transfer.from(from, out.getChannel(), 0, SIZE));
      assertFalse(happened.get());
      // Neither one's own offset.
      assertEquals(SIZE, transfer.between(from, 0, SIZE, to, 0));
    }
    assertArrayEquals(content, Files.readAllBytes(target));
  }

  @Test
  void testDeclined_tellsWhy() throws IOException {
    Path small = Files.write(directory.resolve("small"), new byte[100]);
    Path file = directory.resolve("recording.jfr");
    long before = CopyOffload.statistics().leftToJdk();
    try (Recording recording = new Recording();
        FileInputStream in = new FileInputStream(source.toFile());
        FileInputStream little = new FileInputStream(small.toFile());
        FileOutputStream out = new FileOutputStream(target.toFile());
        FileOutputStream taken = new FileOutputStream(out.getFD());
        FileChannel appending = FileChannel.open(target, APPEND)) {
      recording.enable("dev.copyoffload.Copy").withThreshold(Duration.ZERO);
      recording.start();
      FileChannel from = in.getChannel();
      transfer.between(little.getChannel(), 0, SIZE, out.getChannel(), 0);
      transfer.between(from, 0, SIZE, appending, 0);
      transfer.between(from, 0, SIZE, from, 0);
      StreamTransfer.run(transfer, in, taken);
      happened.set(true);
      failing = COPYING;
      // Where blocks cannot be shared.
      transfer.between(from, 1, SIZE, out.getChannel(), 0);
      failing = Set.of();
      // The last look, which finds nothing left, is no transfer.
      transfer.rest(from, out.getChannel());
      recording.stop();
      recording.dump(file);
    }
    List<String> outcomes =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("dev.copyoffload.Copy"))
            // A recording keeps no order.
            .sorted(Comparator.comparing(RecordedEvent::getStartTime))
            .map(event -> event.getString("outcome"))
            .toList();
    assertEquals(
        List.of(
            "left to the JDK: too small to gain",
            "left to the JDK: opened for appending or for synchronous writes",
            "left to the JDK: an obstacle that the JDK names",
            "left to the JDK: another process may use the same offset",
            "left to the JDK: ENOSPC",
            "completed"),
        outcomes);
    assertEquals(before + 5, CopyOffload.statistics().leftToJdk());
  }

  /** What was read and not written would be lost if the process were killed. */
  @ParameterizedTest
  @ValueSource(ints = {7, 64 << 10})
  void testAll_readsNothingFromPipe(int length) throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    byte[] bytes = Arrays.copyOf(content, length);
    for (boolean stream : new boolean[] {false, true}) {
      // Opened for both, so that neither open waits for another.
      try (RandomAccessFile both = new RandomAccessFile(pipe.toFile(), "rw");
          InputStream in =
              stream ? new FileInputStream(pipe.toFile()) : Files.newInputStream(pipe);
          OutputStream out = new FileOutputStream(target.toFile())) {
        both.write(bytes);
        assertEquals(0, result(() -> StreamTransfer.all(in, out)));
        assertEquals(0, StreamTransfer.run(transfer, in, out));
        byte[] read = new byte[length];
        new DataInputStream(in).readFully(read);
        assertArrayEquals(bytes, read);
      }
      assertEquals(0, Files.size(target));
    }
  }

  /** A task that hangs is left alone. */
  private static <T> T result(Callable<T> task) throws Exception {
    FutureTask<T> future = new FutureTask<>(task);
    Thread thread = new Thread(future);
    thread.setDaemon(true);
    thread.start();
    return future.get(60, TimeUnit.SECONDS);
  }

  @Test
  void testRest_targetIsNoFile() throws IOException {
    try (FileInputStream in = new FileInputStream(source.toFile());
        FileOutputStream out = new FileOutputStream("/dev/null")) {
      assertEquals(0, StreamTransfer.run(transfer, in, out));
      assertEquals(0, in.getChannel().position());
      assertEquals(0, out.getChannel().position());
    }
  }

  /** An overflow inside may leave an entry in a channel's set of threads, and close() waits. */
  @Test
  void testTransfer_nearTheEndOfTheStack() throws Exception {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    // Calls of a proxy go deeper.
    ChannelTransfer direct = new ChannelTransfer(NativeCode.require());
    // The first one would want so much more that none is tried.
    try (FileChannel in = FileChannel.open(source, READ);
        FileChannel out = FileChannel.open(target, WRITE, CREATE)) {
      direct.between(in, 0, SIZE, out, 0);
    }
    for (int round = 0; round < 10; round++) {
      FileChannel in = FileChannel.open(source, READ);
      FileChannel out = FileChannel.open(target, WRITE, CREATE);
      // The JDK's own read and write may overflow inside, so what calls these is not tried.
      Runnable transferring =
          () -> {
            if (HeldChannels.hasStack()) {
              begun.incrementAndGet();
              try {
                direct.between(in, 0, 64 << 10, out, 0);
              } catch (IOException failure) {
                throw new UncheckedIOException(failure);
              }
              ended.incrementAndGet();
            }
          };
      Thread deep =
          new Thread(null, () -> overflow(transferring, new int[1]), "deep", (300L + round) << 10);
      deep.start();
      deep.join();
      result(
          () -> {
            in.close();
            out.close();
            return 0;
          });
    }
    assertTrue(begun.get() > 0);
    assertEquals(begun.get(), ended.get());
    // And nothing was left unusable.
    try (FileChannel in = FileChannel.open(source, READ);
        FileChannel out = FileChannel.open(target, WRITE, CREATE)) {
      assertEquals(SIZE, transfer.between(in, 0, SIZE, out, 0));
      assertHappened();
    }
  }

  @SuppressWarnings("InfiniteRecursion") // until the stack overflows
  private static void overflow(Runnable task, int[] tries) {
    try {
      overflow(task, tries);
    } catch (StackOverflowError e) {
      if (tries[0]++ < 300) {
        try {
          task.run();
        } catch (StackOverflowError deeper) {
          // One frame less deep it may go.
        }
        overflowing(e);
      }
    }
  }

  private static void overflowing(StackOverflowError e) {
    throw e;
  }

  /** As many virtual threads as run at once stand still, one of them in a transfer. */
  @Test
  void testTransfer_letsVirtualThreadsRun() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads");
    AtomicBoolean ran = new AtomicBoolean();
    AtomicBoolean over = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    event =
        () -> {
          for (int i = 1; i < Runtime.getRuntime().availableProcessors(); i++) {
            startVirtual(
                () -> {
                  while (!over.get()) {
                    Thread.onSpinWait();
                  }
                });
          }
          startVirtual(() -> ran.set(true));
          while (!ran.get() && System.nanoTime() < until) {
            Thread.onSpinWait();
          }
          over.set(true);
        };
    try (FileChannel in = FileChannel.open(source, READ);
        FileChannel out = FileChannel.open(target, WRITE, CREATE)) {
      startVirtual(
              () -> {
                try {
                  transfer.between(in, 0, SIZE, out, 0);
                } catch (Throwable e) {
                  failure.set(e);
                }
              })
          .join();
    }
    assertEquals(null, failure.get());
    assertHappened();
    assertTrue(ran.get(), "no virtual thread ran while another one transferred");
  }

  private static Thread startVirtual(Runnable task) {
    try {
      return (Thread)
          Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("virtual threads", e);
    }
  }

  @Test
  void testTo_partly() throws IOException {
    try (FileChannel in = FileChannel.open(source, READ);
        FileChannel out = FileChannel.open(target, WRITE, CREATE)) {
      out.write(ByteBuffer.wrap(LINE));
      event =
          () -> {
            try (FileChannel cut = FileChannel.open(source, WRITE)) {
              cut.truncate(SIZE - (5 << 20));
            }
          };
      assertEquals(SIZE - (5 << 20), transfer.to(in, 0, Long.MAX_VALUE, out));
      assertHappened();
      assertEquals(LINE.length + SIZE - (5 << 20), out.position());
      assertEquals(0, in.position());
    }
    assertArrayEquals(
        joined(LINE, Arrays.copyOf(content, SIZE - (5 << 20))), Files.readAllBytes(target));
  }
}
