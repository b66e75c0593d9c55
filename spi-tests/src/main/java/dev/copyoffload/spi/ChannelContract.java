package dev.copyoffload.spi;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything about a file channel but its transfers, as stock does it. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
public abstract class ChannelContract extends DiskContract {
  private static final int SIZE = 200_000;

  @ParameterizedTest
  @MethodSource("rows")
  final void testChannel(Row row) throws IOException {
    compare(row);
  }

  static Stream<Row> rows() {
    Outcome.Operation file = s -> s.file("a", SIZE).targetFile("b", SIZE);
    return Stream.of(
        Row.row("reading and writing", file, ChannelContract::readAndWrite),
        Row.row("position and size", file, ChannelContract::positionAndSize),
        Row.row("appending", file, ChannelContract::append),
        Row.row("mapping", file, ChannelContract::map),
        Row.row("mapping into an arena", file, ChannelContract::mapIntoArena),
        Row.row("locking", file, ChannelContract::lock),
        Row.row("locking by two channels", file, ChannelContract::lockTwice),
        Row.row("lock during transfers", file, ChannelContract::lockWhileTransferring),
        Row.row("closing", file, ChannelContract::close),
        Row.row("uninterruptible reads", file, ChannelContract::readUninterruptibly),
        Row.row("opening", file, ChannelContract::open));
  }

  private static void readAndWrite(Sandbox s) throws IOException {
    try (FileChannel channel = FileChannel.open(s.from("a"), READ, WRITE)) {
      ByteBuffer[] three = {
        ByteBuffer.allocate(3), ByteBuffer.allocateDirect(5), ByteBuffer.allocate(70_000)
      };
      s.observe("scatter", () -> channel.read(three));
      s.observe("what", () -> sum(three));
      s.observe("scatter a part", () -> channel.read(three, 1, 2));
      flip(three);
      s.observe("gather", () -> channel.write(three));
      flip(three);
      s.observe("gather a part", () -> channel.write(three, 1, 1));
      s.observe("out of bounds", () -> channel.write(three, 2, 2));
      s.observe("at", channel::position);
      ByteBuffer buffer = ByteBuffer.allocate(1000);
      s.observe("read at", () -> channel.read(buffer, 777));
      s.observe("read nothing", () -> channel.read(buffer, 777));
      buffer.flip();
      s.observe("write at", () -> channel.write(buffer, SIZE + 5000));
      buffer.clear();
      s.observe("read behind the end", () -> channel.read(buffer, SIZE + 50_000));
      s.observe("read at the end", () -> channel.position(SIZE + 6000).read(buffer));
      s.observe("negative read", () -> channel.read(buffer, -1));
      s.observe("negative write", () -> channel.write(buffer, -1));
      s.observe("read-only buffer", () -> channel.read(buffer.asReadOnlyBuffer()));
      s.observe("force", () -> forced(channel));
      s.observe("at last", channel::position);
    }
  }

  private static String forced(FileChannel channel) throws IOException {
    channel.force(true);
    channel.force(false);
    return "forced";
  }

  private static void flip(ByteBuffer[] buffers) {
    for (ByteBuffer buffer : buffers) {
      buffer.rewind();
    }
  }

  private static int sum(ByteBuffer... buffers) {
    flip(buffers);
    return Arrays.hashCode(buffers);
  }

  private static void positionAndSize(Sandbox s) throws IOException {
    try (FileChannel channel = FileChannel.open(s.from("a"), READ, WRITE)) {
      s.observe("itself", () -> channel.position(150_000) == channel);
      s.observe("truncated", () -> channel.truncate(100_000) == channel);
      s.observe("position follows", channel::position);
      s.observe("size", channel::size);
      channel.position(10);
      s.observe("truncated above", () -> channel.truncate(120_000) == channel);
      s.observe("position stays", channel::position);
      s.observe("size stays", channel::size);
      s.observe("truncated below", () -> channel.truncate(50_000).position());
      s.observe("negative size", () -> channel.truncate(-1));
      s.observe("negative position", () -> channel.position(-1));
      s.observe("far position", () -> channel.position(1L << 40).position());
      s.observe("size still", channel::size);
      channel.position(60_000);
      s.observe("write after a hole", () -> channel.write(ByteBuffer.wrap(new byte[] {1})));
    }
  }

  private static void append(Sandbox s) throws IOException {
    try (FileChannel channel = FileChannel.open(s.from("a"), APPEND)) {
      s.observe("at", channel::position);
      s.observe("write", () -> channel.write(ByteBuffer.wrap(new byte[] {1, 2})));
      s.observe("after", channel::position);
      s.observe("write at", () -> channel.write(ByteBuffer.wrap(new byte[] {3}), 5));
      s.observe("read", () -> channel.read(ByteBuffer.allocate(1)));
      s.observe("moved", () -> channel.position(7).position());
      s.observe("truncated", () -> channel.truncate(9).size());
    }
  }

  private static void map(Sandbox s) throws IOException {
    try (FileChannel channel = FileChannel.open(s.from("a"), READ, WRITE);
        FileChannel reading = FileChannel.open(s.from("a"), READ);
        FileChannel writing = FileChannel.open(s.from("a"), WRITE)) {
      MappedByteBuffer read = channel.map(MapMode.READ_ONLY, 5, 70_000);
      MappedByteBuffer written = channel.map(MapMode.READ_WRITE, 4096, SIZE);
      MappedByteBuffer own = channel.map(MapMode.PRIVATE, 0, 5000);
      s.observe("extended", channel::size);
      s.observe("read", () -> sum(read));
      written.put(0, (byte) 42).put(SIZE - 1, (byte) 43);
      own.put(4096, (byte) 99);
      s.observe("seen", () -> read.get(4091));
      s.observe("own", () -> own.get(4096));
      written.force();
      s.observe("no write", () -> reading.map(MapMode.READ_WRITE, 0, 10));
      s.observe("no private write", () -> reading.map(MapMode.PRIVATE, 0, 10));
      s.observe("behind the end", () -> reading.map(MapMode.READ_ONLY, 0, 1L << 30));
      s.observe("nothing", () -> reading.map(MapMode.READ_ONLY, 0, 0).capacity());
      s.observe("no read", () -> writing.map(MapMode.READ_ONLY, 0, 10));
      s.observe("negative position", () -> channel.map(MapMode.READ_ONLY, -1, 10));
      s.observe("negative size", () -> channel.map(MapMode.READ_ONLY, 0, -1));
      s.observe("too much", () -> channel.map(MapMode.READ_ONLY, 0, 1L << 32));
      channel.truncate(SIZE);
      s.observe("mapped still", () -> written.get(0));
    }
  }

  /** The form that returns a MemorySegment, from JDK 22 on; by name, since 17 has none. */
  private static void mapIntoArena(Sandbox s) throws IOException {
    if (Runtime.version().feature() < 22) {
      s.observe("without arenas", () -> null);
      return;
    }
    try (FileChannel channel = FileChannel.open(s.from("a"), READ, WRITE)) {
      Class<?> arenaType = Class.forName("java.lang.foreign.Arena");
      Method map =
          FileChannel.class.getMethod("map", MapMode.class, long.class, long.class, arenaType);
      Method asBuffer = Class.forName("java.lang.foreign.MemorySegment").getMethod("asByteBuffer");
      try (AutoCloseable arena = (AutoCloseable) arenaType.getMethod("ofConfined").invoke(null)) {
        for (MapMode mode : new MapMode[] {MapMode.READ_ONLY, MapMode.READ_WRITE}) {
          Object segment = map.invoke(channel, mode, 100L, 50_000L, arena);
          ByteBuffer buffer = (ByteBuffer) asBuffer.invoke(segment);
          s.observe("sum " + mode, () -> buffer.hashCode());
          s.observe("write " + mode, () -> buffer.put(7, (byte) 42).get(7));
        }
      }
    } catch (InvocationTargetException e) {
      s.observe("failure", () -> e.getCause());
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new LinkageError("no map into an arena", e);
    }
  }

  private static void lock(Sandbox s) throws IOException {
    Path raw = s.rawFrom("a");
    FileChannel channel = FileChannel.open(s.from("a"), READ, WRITE);
    FileLock first = channel.lock(10, 20, false);
    s.observe("channel", () -> first.channel() == channel && first.acquiredBy() == channel);
    s.observe("kernel", () -> OpenFiles.locks(raw));
    s.observe("overlap", () -> channel.tryLock(15, 1, false));
    s.observe("waiting overlap", () -> channel.lock(29, 5, true));
    FileLock second = channel.tryLock(1000, Long.MAX_VALUE - 1000, true);
    s.observe("shared", () -> second.isShared() + " " + second.isValid());
    s.observe("both", () -> OpenFiles.locks(raw));
    first.release();
    s.observe("released", () -> first.isValid() + " " + OpenFiles.locks(raw));
    s.observe("whole", () -> channel.tryLock());
    s.observe("negative", () -> channel.tryLock(-1, 1, false));
    channel.close();
    s.observe("closed", () -> second.isValid() + " " + OpenFiles.locks(raw));
    s.observe("released too late", () -> released(second));
    s.observe("too late", () -> channel.lock());
    try (FileChannel reading = FileChannel.open(s.from("a"), READ);
        FileChannel writing = FileChannel.open(s.from("a"), WRITE)) {
      s.observe("exclusive by a reader", () -> reading.tryLock());
      s.observe("shared by a writer", () -> writing.tryLock(0, 1, true));
    }
  }

  private static String released(FileLock lock) throws IOException {
    lock.release();
    return "released";
  }

  private static void lockTwice(Sandbox s) throws IOException {
    for (Pairing pairing : Pairing.values()) {
      try (FileChannel one = FileChannel.open(pairing.source(s, "a"), READ, WRITE);
          FileChannel other = FileChannel.open(pairing.target(s, s.rawFrom("a")), READ, WRITE);
          FileLock lock = one.lock()) {
        s.observe(pairing + " whole", () -> other.tryLock());
        s.observe(pairing + " part", () -> other.lock(5, 5, true));
        s.observe(pairing + " valid", lock::isValid);
      }
    }
  }

  private static void lockWhileTransferring(Sandbox s) throws IOException {
    for (Pairing pairing : Pairing.values()) {
      try (FileChannel in = FileChannel.open(pairing.source(s, "a"), READ, WRITE);
          FileChannel out = FileChannel.open(pairing.target(s, "b"), READ, WRITE);
          FileLock source = in.lock(0, SIZE, false);
          FileLock target = out.lock(0, SIZE, false)) {
        s.observe("to", () -> in.transferTo(0, SIZE, out));
        s.observe("from", () -> out.transferFrom(in, 0, SIZE));
        s.observe("valid", () -> source.isValid() && target.isValid());
        s.observe("source", () -> OpenFiles.locks(s.rawFrom("a")));
        s.observe("target", () -> OpenFiles.locks(s.rawTo("b")));
      }
    }
  }

  /** Whatever can be asked of a channel, which a row may find closed or interrupted. */
  private static Map<String, Sandbox.Question> questions(FileChannel channel, FileChannel other) {
    Map<String, Sandbox.Question> questions = new LinkedHashMap<>();
    questions.put("read", () -> channel.read(ByteBuffer.allocate(5)));
    questions.put("read at", () -> channel.read(ByteBuffer.allocate(5), 7));
    questions.put("scatter", () -> channel.read(new ByteBuffer[] {ByteBuffer.allocate(5)}));
    questions.put("write", () -> channel.write(ByteBuffer.allocate(5)));
    questions.put("write at", () -> channel.write(ByteBuffer.allocate(5), 7));
    questions.put("gather", () -> channel.write(new ByteBuffer[] {ByteBuffer.allocate(5)}));
    questions.put("position", channel::position);
    questions.put("move", () -> channel.position(5).position());
    questions.put("size", channel::size);
    questions.put("truncate", () -> channel.truncate(100_000).size());
    questions.put("force", () -> forced(channel));
    questions.put("map", () -> channel.map(MapMode.READ_ONLY, 0, 100).capacity());
    questions.put("lock", () -> channel.lock().isValid());
    questions.put("try lock", () -> channel.tryLock(0, 1, true));
    questions.put("transfer to", () -> channel.transferTo(0, 90_000, other));
    questions.put("transfer from", () -> channel.transferFrom(other, 0, 90_000));
    questions.put("be the target", () -> other.transferTo(0, 90_000, channel));
    questions.put("be the source", () -> other.transferFrom(channel, 0, 90_000));
    return questions;
  }

  private static void close(Sandbox s) throws IOException {
    FileChannel channel = FileChannel.open(s.from("a"), READ, WRITE);
    try (FileChannel other = FileChannel.open(s.to("b"), READ, WRITE)) {
      s.observe("descriptors", () -> OpenFiles.descriptors(s.rawFrom("a")));
      channel.close();
      s.observe("open", channel::isOpen);
      s.observe("no descriptors", () -> OpenFiles.descriptors(s.rawFrom("a")));
      // Whoever is given the number now must not be closed by a second close.
      try (FileChannel next = FileChannel.open(s.rawFrom("a"), READ)) {
        channel.close();
        s.observe("next", next::size);
        questions(channel, other).forEach(s::observe);
      }
    }
  }

  private static void readUninterruptibly(Sandbox s) throws IOException {
    Path file = s.from("a");
    s.file("text", 0);
    Files.writeString(s.rawFrom("text"), "one\ntwo\n");
    Map<String, Sandbox.Question> questions = new LinkedHashMap<>();
    questions.put("bytes", () -> Arrays.hashCode(Files.readAllBytes(file)));
    questions.put("text", () -> Files.readString(s.from("text")));
    questions.put("lines", () -> Files.readAllLines(s.from("text")));
    questions.put("mismatch", () -> Files.mismatch(file, s.to("b")));
    questions.put("write", () -> Files.write(s.to("c"), new byte[5]).endsWith("c"));
    questions.put("copy", () -> Files.copy(file, s.to("d")).endsWith("d"));
    questions.put("channel", () -> bytes(file));
    questions.forEach(
        (what, question) -> {
          Thread.currentThread().interrupt();
          s.observe(what, question);
          s.observe(what + " interrupted", Thread::interrupted);
        });
  }

  private static int bytes(Path file) throws IOException {
    try (var channel = Files.newByteChannel(file)) {
      return channel.read(ByteBuffer.allocate(100));
    }
  }

  private static void open(Sandbox s) {
    s.observe("missing", () -> FileChannel.open(s.from("none"), READ));
    s.observe("existing", () -> FileChannel.open(s.from("a"), WRITE, CREATE_NEW));
    s.observe("appending reader", () -> FileChannel.open(s.from("a"), READ, APPEND));
    s.observe(
        "appending and truncating", () -> FileChannel.open(s.from("a"), APPEND, TRUNCATE_EXISTING));
    s.observe("directory", () -> FileChannel.open(s.from(""), WRITE));
    s.observe("created", () -> size(FileChannel.open(s.from("new"), WRITE, CREATE_NEW)));
    s.observe("truncated", () -> size(FileChannel.open(s.from("a"), WRITE, TRUNCATE_EXISTING)));
    s.observe("without options", () -> size(FileChannel.open(s.from("a"))));
  }

  private static long size(FileChannel opened) throws IOException {
    try (FileChannel channel = opened) {
      return channel.size();
    }
  }

  /** An interrupted thread closes whatever channel it uses, or does not, as in stock. */
  @ParameterizedTest
  @EnumSource
  final void testInterrupt_before(Pairing pairing) throws IOException {
    compare(
        Row.row(
            "interrupted before",
            s -> s.file("a", SIZE).targetFile("b", SIZE),
            s -> {
              try (FileChannel none = FileChannel.open(s.rawFrom("a"), READ)) {
                for (String what : questions(none, none).keySet()) {
                  interruptBefore(s, pairing, what);
                }
              }
            }));
  }

  private static void interruptBefore(Sandbox s, Pairing pairing, String what) throws IOException {
    try (FileChannel channel = FileChannel.open(pairing.source(s, "a"), READ, WRITE);
        FileChannel other = FileChannel.open(pairing.target(s, "b"), READ, WRITE)) {
      Sandbox.Question question = questions(channel, other).get(what);
      Thread.currentThread().interrupt();
      s.observe(what, () -> question == null ? "no such question" : question.answer());
      s.observe("interrupted", Thread::interrupted);
      s.observe("open", () -> channel.isOpen() + ", other " + other.isOpen());
      s.observe("descriptors", () -> OpenFiles.descriptors(s.rawFrom("a")));
    }
  }

  /** How a thread that blocks inside a transfer is got out of it. */
  private enum Disturbance {
    INTERRUPT,
    CLOSE
  }

  /** A socket that is full blocks a transfer for as long as nobody reads. */
  @ParameterizedTest
  @EnumSource
  @Timeout(60)
  final void testTransfer_disturbed(Disturbance disturbance) throws IOException {
    compare(
        Row.row(
            "transfer ended by " + disturbance,
            s -> s.file("a", SIZE),
            s -> {
              try (ServerSocketChannel server = ServerSocketChannel.open()) {
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                try (SocketChannel near = SocketChannel.open(server.getLocalAddress());
                    SocketChannel unread = server.accept()) {
                  disturb(s, disturbance, near);
                  s.observe("far end open", unread::isOpen);
                }
              }
            }));
  }

  private static void disturb(Sandbox s, Disturbance disturbance, SocketChannel full)
      throws IOException {
    boolean met;
    do {
      met = isDisturbed(s, disturbance, full);
    } while (!met);
  }

  /** False, with nothing observed, if the moment was one between two transfers. */
  private static boolean isDisturbed(Sandbox s, Disturbance disturbance, SocketChannel full)
      throws IOException {
    FileChannel in = FileChannel.open(s.from("a"), READ);
    Thread blocked = Thread.currentThread();
    String number = OpenFiles.currentThread();
    AtomicBoolean over = new AtomicBoolean();
    FarEnd<Boolean> disturber =
        FarEnd.doing(
            () -> {
              while (!isInTransfer(blocked)
                  || !OpenFiles.isAsleep(number)
                  || !isInTransfer(blocked)) {
                if (over.get()) {
                  return false;
                }
                Thread.onSpinWait();
              }
              if (disturbance == Disturbance.INTERRUPT) {
                blocked.interrupt();
              } else {
                in.close();
              }
              return true;
            });
    try (in) {
      IOException end = endOfTransfers(in, full);
      if (end.getClass() == ClosedChannelException.class) {
        return false;
      }
      s.observe(
          "transfer",
          () -> {
            throw end;
          });
      s.observe("interrupted", Thread::interrupted);
      over.set(true);
      s.observe("disturbed", disturber::result);
      s.observe("open", () -> in.isOpen() + ", target " + full.isOpen());
      s.observe("descriptors", () -> OpenFiles.descriptors(s.rawFrom("a")));
      return true;
    } finally {
      over.set(true);
    }
  }

  private static IOException endOfTransfers(FileChannel in, SocketChannel out) {
    try {
      long taken;
      do {
        taken = in.transferTo(0, SIZE, out);
      } while (taken > 0);
      return new IOException("nothing was taken");
    } catch (IOException e) {
      return e;
    }
  }

  private static boolean isInTransfer(Thread thread) {
    StackTraceElement[] frames = thread.getStackTrace();
    return frames.length > 0
        && frames[0].isNativeMethod()
        && frames[0].getMethodName().startsWith("transfer");
  }

  @Test
  @Timeout(60)
  final void testChannel_isCollected() throws IOException, InterruptedException {
    try (Sandbox s = sandbox()) {
      s.file("a", SIZE).targetFile("b", SIZE);
      ReferenceQueue<FileChannel> queue = new ReferenceQueue<>();
      WeakReference<FileChannel> dropped = drop(s, queue);
      while (queue.remove(20) == null) {
        System.gc();
      }
      assertTrue(dropped.refersTo(null));
      // The descriptor is closed by a thread that learns of it as late as we do.
      while (OpenFiles.descriptors(s.rawFrom("a")) > 0) {
        System.gc();
      }
    }
  }

  private static WeakReference<FileChannel> drop(Sandbox s, ReferenceQueue<FileChannel> queue)
      throws IOException {
    FileChannel channel = FileChannel.open(s.from("a"), READ);
    try (FileChannel out = FileChannel.open(s.to("b"), WRITE)) {
      assertEquals(SIZE, channel.transferTo(0, SIZE, out));
      assertEquals(1, OpenFiles.descriptors(s.rawFrom("a")));
      return new WeakReference<>(channel, queue);
    } finally {
      Reference.reachabilityFence(channel);
    }
  }
}
