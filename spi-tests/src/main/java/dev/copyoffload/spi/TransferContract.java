package dev.copyoffload.spi;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.WRITE;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Transfers between channels that are special in some way, as stock does them. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
public abstract class TransferContract extends DiskContract {
  private static final int SIZE = 300_003;
  private static final int TARGET_SIZE = 70_001;
  private static final long ALL = Long.MAX_VALUE;

  /** Something to do with two channels of some pairing. */
  private interface Use {
    void use(Sandbox s, Pairing pairing) throws IOException;
  }

  /** A row that is done with every pairing, each time on new files. */
  private static Row each(String name, Use use) {
    return Row.row(
        name,
        s -> {},
        s -> {
          for (Pairing pairing : Pairing.values()) {
            s.file("a", SIZE).targetFile("b", TARGET_SIZE);
            s.observe(name, () -> pairing);
            use.use(s, pairing);
            s.observe("left", s::snapshot);
          }
        });
  }

  /** A row that opens the two files and transfers both ways. */
  private static Row each(String name, OpenOption[] source, OpenOption[] target) {
    return each(
        name,
        (s, p) -> {
          try (FileChannel in = FileChannel.open(p.source(s, "a"), source);
              FileChannel out = FileChannel.open(p.target(s, "b"), target)) {
            bothWays(s, in, out);
          }
        });
  }

  private static OpenOption[] with(OpenOption... options) {
    return options;
  }

  /** Asks both channels for a transfer, and looks at them before, between and after. */
  private static void bothWays(Sandbox s, FileChannel in, FileChannel out) {
    state(s, in, out);
    s.observe("transferTo", () -> in.transferTo(4096, 200_000, out));
    state(s, in, out);
    s.observe("transferFrom", () -> out.transferFrom(in, 8192, 150_000));
    state(s, in, out);
    s.observe("all to", () -> in.transferTo(1, ALL, out));
    s.observe("all from", () -> out.transferFrom(in, 3, ALL));
    state(s, in, out);
  }

  private static void state(Sandbox s, FileChannel in, FileChannel out) {
    state(s, "source", in);
    state(s, "target", out);
  }

  private static void state(Sandbox s, String name, FileChannel channel) {
    s.observe(name + " open", channel::isOpen);
    s.observe(name + " position", channel::position);
    s.observe(name + " size", channel::size);
  }

  @ParameterizedTest
  @MethodSource("ends")
  final void testTransfer_betweenEnds(Row row) throws IOException {
    compare(row);
  }

  static Stream<Row> ends() {
    return Stream.of(
        each("plain", with(READ), with(WRITE)),
        each("both for reading and writing", with(READ, WRITE), with(READ, WRITE)),
        each("appending target", with(READ), with(APPEND)),
        each("appending source", with(APPEND), with(WRITE)),
        each("target for reading", with(READ), with(READ)),
        each("source for writing", with(WRITE), with(WRITE)),
        each("both the wrong way", with(WRITE), with(READ)),
        each("source deleted on close", with(READ, DELETE_ON_CLOSE), with(WRITE)),
        each("target deleted on close", with(READ), with(WRITE, DELETE_ON_CLOSE)),
        each("synchronous target", with(READ), with(WRITE, SYNC)),
        each("target with synchronous data", with(READ), with(WRITE, DSYNC)),
        each("synchronous source", with(READ, SYNC), with(WRITE)),
        each("direct source", with(READ, Direct.DIRECT), with(WRITE)),
        each("direct target", with(READ), with(WRITE, Direct.DIRECT)),
        each("both direct", with(READ, Direct.DIRECT), with(WRITE, Direct.DIRECT)));
  }

  @ParameterizedTest
  @MethodSource("closed")
  final void testTransfer_ofClosed(Row row) throws IOException {
    compare(row);
  }

  static Stream<Row> closed() {
    return Stream.of(1, 2, 3)
        .map(
            ends ->
                each(
                    "closed ends " + ends,
                    (s, p) -> {
                      FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                      FileChannel out = FileChannel.open(p.target(s, "b"), WRITE);
                      if ((ends & 1) != 0) {
                        in.close();
                      }
                      if ((ends & 2) != 0) {
                        out.close();
                      }
                      bothWays(s, in, out);
                      s.observe("negative, closed", () -> in.transferTo(-1, 1, out));
                      s.observe("nothing, closed", () -> out.transferFrom(in, 0, 0));
                      in.close();
                      out.close();
                    }));
  }

  @ParameterizedTest
  @MethodSource("arguments")
  final void testTransfer_ofArguments(Row row) throws IOException {
    compare(row);
  }

  @SuppressWarnings("NullAway") // null is what is tested
  static Stream<Row> arguments() {
    return Stream.of(
        each(
            "arguments",
            (s, p) -> {
              try (FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                  FileChannel out = FileChannel.open(p.target(s, "b"), WRITE)) {
                for (long[] pair :
                    new long[][] {
                      {-1, 100_000},
                      {0, -1},
                      {-1, -1},
                      {Long.MIN_VALUE, ALL},
                      {0, Long.MIN_VALUE},
                      {ALL, 100_000},
                      {ALL, ALL},
                      {ALL - 100_000, 100_001}
                    }) {
                  String what = pair[0] + ", " + pair[1];
                  s.observe("to " + what, () -> in.transferTo(pair[0], pair[1], out));
                  if (pair[0] < ALL - 200_000) {
                    s.observe("from " + what, () -> out.transferFrom(in, pair[0], pair[1]));
                  }
                }
                s.observe("to null", () -> in.transferTo(0, 100_000, null));
                s.observe("from null", () -> out.transferFrom(null, 0, 100_000));
                state(s, in, out);
              }
            }));
  }

  @ParameterizedTest
  @MethodSource("oneFile")
  final void testTransfer_withinOneFile(Row row) throws IOException {
    compare(row);
  }

  static Stream<Row> oneFile() {
    return Stream.of(
        each(
            "one channel",
            (s, p) -> {
              try (FileChannel both = FileChannel.open(p.source(s, "a"), READ, WRITE)) {
                within(s, both, both);
              }
            }),
        each(
            "two channels of one file",
            (s, p) -> {
              try (FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                  FileChannel out = FileChannel.open(p.target(s, s.rawFrom("a")), READ, WRITE)) {
                within(s, in, out);
              }
            }),
        each(
            "two channels of one file by a link",
            (s, p) -> {
              Files.createLink(s.rawFrom("h"), s.rawFrom("a"));
              try (FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                  FileChannel out = FileChannel.open(p.target(s, s.rawFrom("h")), READ, WRITE)) {
                within(s, in, out);
              }
              Files.delete(s.rawFrom("h"));
            }));
  }

  private static void within(Sandbox s, FileChannel in, FileChannel out) throws IOException {
    out.position(150_000);
    s.observe("apart", () -> in.transferTo(10_000, 100_000, out));
    state(s, in, out);
    in.position(200_000);
    s.observe("apart from", () -> out.transferFrom(in, 0, 70_000));
    state(s, in, out);
    out.position(out.size());
    s.observe("appended", () -> in.transferTo(0, 200_000, out));
    state(s, in, out);
    out.position(100_000);
    s.observe("onto itself", () -> in.transferTo(100_000, 90_000, out));
    in.position(0);
    s.observe("onto itself from", () -> out.transferFrom(in, 0, 80_000));
    state(s, in, out);
  }

  /** How many bytes one counts; which it leaves, a probe of the provider compares with stock. */
  @ParameterizedTest
  @MethodSource("overlapping")
  final void testTransfer_overlapping(Row row) throws IOException {
    compare(row);
  }

  static Stream<Row> overlapping() {
    return Stream.of(
        each(
            "overlapping",
            (s, p) -> {
              try (FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                  FileChannel out = FileChannel.open(p.target(s, s.rawFrom("a")), READ, WRITE)) {
                for (int distance : new int[] {-70_000, -4096, -1, 1, 4096, 70_000}) {
                  out.position(100_000 + distance);
                  s.observe("to " + distance, () -> in.transferTo(100_000, 90_000, out));
                  in.position(100_000);
                  s.observe(
                      "from " + distance, () -> out.transferFrom(in, 100_000 + distance, 90_000));
                  state(s, in, out);
                }
              }
              Files.delete(s.rawFrom("a"));
            }));
  }

  @ParameterizedTest
  @MethodSource("specialFiles")
  final void testTransfer_ofSpecialFiles(Row row) throws IOException {
    compare(row);
  }

  static Stream<Row> specialFiles() {
    return Stream.of(
        each(
            "sparse source",
            (s, p) -> {
              s.sparse("sparse", 5_000_000, 100_000, 3_000_000, 4_990_000);
              try (FileChannel in = FileChannel.open(p.source(s, "sparse"), READ);
                  FileChannel out = FileChannel.open(p.target(s, "b"), WRITE)) {
                bothWays(s, in, out);
              }
            }),
        each(
            "sparse source over data",
            (s, p) -> {
              s.sparse("sparse", 3_000_000, 8192, 2_000_000).targetFile("full", 3_000_000);
              try (FileChannel in = FileChannel.open(p.source(s, "sparse"), READ);
                  FileChannel out = FileChannel.open(p.target(s, "full"), WRITE)) {
                s.observe("to", () -> in.transferTo(0, ALL, out));
                s.observe("from", () -> out.transferFrom(in, 1_000_000, ALL));
                state(s, in, out);
              }
            }),
        withSource("procfs", Stock.path("/proc/filesystems")),
        withSource("large procfs", Stock.path("/proc/kallsyms")),
        withSource("sysfs", Stock.path("/sys/kernel/mm/transparent_hugepage/enabled")),
        withSource("null device", Stock.path("/dev/null")),
        withSource("endless device", Stock.path("/dev/zero")),
        each(
            "null device as target",
            (s, p) -> {
              Path device = Stock.path("/dev/null");
              try (FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                  FileChannel out = FileChannel.open(p.target(s, device), WRITE)) {
                bothWays(s, in, out);
              }
            }),
        each(
            "directory as source",
            (s, p) -> {
              try (FileChannel in = FileChannel.open(p.source(s, ""), READ);
                  FileChannel out = FileChannel.open(p.target(s, "b"), WRITE)) {
                s.observe("to", () -> in.transferTo(0, 100_000, out));
                s.observe("from", () -> out.transferFrom(in, 0, 100_000));
              }
            }),
        each(
            "pipe as target",
            (s, p) -> {
              Path pipe = s.rawTo("pipe");
              Libc.pipe(pipe);
              FarEnd<String> far = FarEnd.reading(() -> new FileInputStream(pipe.toString()));
              try (FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                  FileChannel out = FileChannel.open(p.target(s, "pipe"), WRITE)) {
                s.observe("to", () -> allTo(in, out));
                s.observe("from", () -> out.transferFrom(in, 0, 100_000));
                state(s, "source", in);
              }
              s.observe("read", far::result);
              Files.delete(pipe);
            }),
        each(
            "pipe as source",
            (s, p) -> {
              Path pipe = s.rawFrom("pipe");
              Libc.pipe(pipe);
              FarEnd<String> far =
                  FarEnd.writing(
                      () -> new FileOutputStream(pipe.toString()),
                      Files.readAllBytes(s.rawFrom("a")));
              try (FileChannel in = FileChannel.open(p.source(s, "pipe"), READ);
                  FileChannel out = FileChannel.open(p.target(s, "b"), WRITE)) {
                s.observe("to", () -> in.transferTo(0, 100_000, out));
                s.observe("from", () -> out.transferFrom(in, 0, 100_000));
                ByteBuffer rest = ByteBuffer.allocate(SIZE);
                while (in.read(rest) > 0) {
                  // Read to the end, for the writer to come to his.
                }
                s.observe("read", rest::position);
                state(s, "target", out);
              }
              s.observe("written", far::result);
              Files.delete(pipe);
            }));
  }

  private static Row withSource(String name, Path source) {
    return each(
        name,
        (s, p) -> {
          try (FileChannel in = FileChannel.open(p.source(s, source), READ);
              FileChannel out = FileChannel.open(p.target(s, "b"), WRITE)) {
            s.observe("to", () -> in.transferTo(0, 1_000_000, out));
            state(s, in, out);
            in.position(0);
            s.observe("from", () -> out.transferFrom(in, 0, 1_000_000));
            state(s, in, out);
          }
        });
  }

  private static long allTo(FileChannel in, WritableByteChannel out) throws IOException {
    long done = 0;
    while (done < in.size()) {
      done += in.transferTo(done, in.size() - done, out);
    }
    return done;
  }

  @ParameterizedTest
  @MethodSource("foreign")
  final void testTransfer_withForeignEnd(Row row) throws IOException {
    compare(row);
  }

  static Stream<Row> foreign() {
    return Stream.of(
        each(
            "channel of an input stream",
            (s, p) -> {
              try (FileInputStream in = new FileInputStream(s.rawFrom("a").toString());
                  FileChannel out = FileChannel.open(p.target(s, "b"), READ, WRITE)) {
                in.skipNBytes(77);
                bothWays(s, in.getChannel(), out);
                s.observe("read on", in::read);
              }
            }),
        each(
            "channel of an output stream",
            (s, p) -> {
              try (FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                  FileOutputStream out = new FileOutputStream(s.rawTo("b").toString())) {
                out.write(1);
                bothWays(s, in, out.getChannel());
                out.write(2);
              }
            }),
        each(
            "channel of an appending output stream",
            (s, p) -> {
              try (FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                  FileOutputStream out = new FileOutputStream(s.rawTo("b").toString(), true)) {
                bothWays(s, in, out.getChannel());
                out.write(2);
              }
            }),
        each(
            "channels of random access files",
            (s, p) -> {
              try (RandomAccessFile in = new RandomAccessFile(s.rawFrom("a").toString(), "r");
                  FileChannel ours = FileChannel.open(p.target(s, "b"), READ, WRITE);
                  RandomAccessFile out = new RandomAccessFile(s.rawTo("c").toString(), "rw")) {
                in.seek(5);
                bothWays(s, in.getChannel(), ours);
                bothWays(s, ours, out.getChannel());
                bothWays(s, in.getChannel(), out.getChannel());
                s.observe("pointers", () -> in.getFilePointer() + ", " + out.getFilePointer());
              }
            }),
        each(
            "channel of an unknown class",
            (s, p) -> {
              try (FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                  FileChannel out = FileChannel.open(p.target(s, "b"), READ, WRITE)) {
                bothWays(s, new ForeignChannel(in), out);
                bothWays(s, in, new ForeignChannel(out));
                bothWays(s, new ForeignChannel(in), new ForeignChannel(out));
              }
            }),
        each(
            "channel in memory",
            (s, p) -> {
              try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix());
                  FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                  FileChannel out = FileChannel.open(p.target(s, "b"), READ, WRITE);
                  FileChannel there =
                      FileChannel.open(memory.getPath("/there"), READ, WRITE, CREATE)) {
                bothWays(s, in, there);
                bothWays(s, there, out);
              }
            }),
        each(
            "channel of a file of bytes",
            (s, p) -> {
              try (var in = Files.newByteChannel(p.source(s, "a"), READ);
                  FileChannel out = FileChannel.open(p.target(s, "b"), READ, WRITE)) {
                s.observe("from", () -> out.transferFrom(in, 5, 200_000));
                s.observe("source position", in::position);
                state(s, "target", out);
              }
            }),
        each(
            "channels of streams",
            (s, p) -> {
              try (ReadableByteChannel in =
                      Channels.newChannel(Files.newInputStream(p.source(s, "a")));
                  FileChannel out = FileChannel.open(p.target(s, "b"), READ, WRITE);
                  WritableByteChannel there =
                      Channels.newChannel(Files.newOutputStream(p.target(s, "c")))) {
                s.observe("from", () -> out.transferFrom(in, 5, 200_000));
                s.observe("to", () -> allTo(out, there));
                state(s, "ours", out);
              }
            }),
        each(
            "channel that takes a little at a time",
            (s, p) -> {
              try (FileChannel in = FileChannel.open(p.source(s, "a"), READ)) {
                s.observe("to", () -> in.transferTo(0, 200_000, taking(1000)));
                state(s, "source", in);
              }
            }));
  }

  private static WritableByteChannel taking(int bytes) {
    return (WritableByteChannel)
        Proxy.newProxyInstance(
            TransferContract.class.getClassLoader(),
            new Class<?>[] {WritableByteChannel.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("isOpen")) {
                return true;
              }
              ByteBuffer buffer = (ByteBuffer) arguments[0];
              int taken = Math.min(bytes, buffer.remaining());
              buffer.position(buffer.position() + taken);
              return taken;
            });
  }

  @ParameterizedTest
  @MethodSource("streaming")
  final void testTransfer_toSocketOrPipe(Row row) throws IOException {
    compare(row);
  }

  static Stream<Row> streaming() {
    return Stream.of(
        each(
            "socket",
            (s, p) -> {
              try (ServerSocketChannel server = ServerSocketChannel.open()) {
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                try (FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                    FileChannel back = FileChannel.open(p.target(s, "b"), WRITE);
                    SocketChannel near = SocketChannel.open(server.getLocalAddress());
                    SocketChannel far = server.accept()) {
                  FarEnd<Long> end = FarEnd.doing(() -> back.transferFrom(far, 17, SIZE));
                  s.observe("to", () -> allTo(in, near));
                  near.shutdownOutput();
                  s.observe("from", end::result);
                  state(s, in, back);
                }
              }
            }),
        each(
            // A socket that is full has room again as soon as the kernel has moved what it holds.
            "full pipe that does not block",
            (s, p) -> {
              Pipe pipe = Pipe.open();
              try (FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                  Pipe.SinkChannel near = pipe.sink();
                  Pipe.SourceChannel far = pipe.source()) {
                near.configureBlocking(false);
                long last;
                do {
                  last = in.transferTo(0, SIZE, near);
                } while (last > 0);
                s.observe("to a full one", () -> in.transferTo(0, SIZE, near));
                state(s, "source", in);
                s.observe("far", far::isOpen);
              }
            }),
        each(
            "pipe",
            (s, p) -> {
              Pipe pipe = Pipe.open();
              try (FileChannel in = FileChannel.open(p.source(s, "a"), READ);
                  FileChannel back = FileChannel.open(p.target(s, "b"), WRITE);
                  ReadableByteChannel far = pipe.source()) {
                FarEnd<Long> end = FarEnd.doing(() -> back.transferFrom(far, 17, SIZE));
                try (WritableByteChannel near = pipe.sink()) {
                  s.observe("to", () -> allTo(in, near));
                }
                s.observe("from", end::result);
                state(s, in, back);
              }
            }));
  }
}
