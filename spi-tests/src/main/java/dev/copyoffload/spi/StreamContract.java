package dev.copyoffload.spi;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams that read and write files, and what is copied from one to the other, as in stock. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
public abstract class StreamContract extends DiskContract {
  private static final int SIZE = 300_003;
  private static final int TARGET_SIZE = 70_001;

  /** Sizes of a source, and how much of it was read before. */
  private static final int[][] ASIDE = {
    {0, 0}, {5, 0}, {65_536, 0}, {65_537, 1}, {SIZE, SIZE}, {SIZE, SIZE - 70_000}, {SIZE, 0}
  };

  /** Where bytes come from. */
  private enum Source {
    STREAM {
      @Override
      InputStream open(Sandbox s) throws IOException {
        return Files.newInputStream(s.from("a"));
      }
    },
    STOCK_STREAM {
      @Override
      InputStream open(Sandbox s) throws IOException {
        return Files.newInputStream(s.rawFrom("a"));
      }
    },
    FILE_STREAM {
      @Override
      InputStream open(Sandbox s) throws IOException {
        return new FileInputStream(s.rawFrom("a").toString());
      }
    },
    CHANNEL_STREAM {
      @Override
      InputStream open(Sandbox s) throws IOException {
        return Channels.newInputStream(FileChannel.open(s.from("a"), READ));
      }
    },
    BUFFERED {
      @Override
      InputStream open(Sandbox s) throws IOException {
        return new BufferedInputStream(Files.newInputStream(s.from("a")));
      }
    };

    abstract InputStream open(Sandbox s) throws IOException;
  }

  /** Where bytes go. */
  private enum Sink {
    STREAM {
      @Override
      OutputStream open(Sandbox s) throws IOException {
        return Files.newOutputStream(s.to("b"));
      }
    },
    APPENDING_STREAM {
      @Override
      OutputStream open(Sandbox s) throws IOException {
        return Files.newOutputStream(s.to("b"), APPEND);
      }
    },
    OVERWRITING_STREAM {
      @Override
      OutputStream open(Sandbox s) throws IOException {
        return Files.newOutputStream(s.to("b"), WRITE);
      }
    },
    STOCK_STREAM {
      @Override
      OutputStream open(Sandbox s) throws IOException {
        return Files.newOutputStream(s.rawTo("b"));
      }
    },
    FILE_STREAM {
      @Override
      OutputStream open(Sandbox s) throws IOException {
        return new FileOutputStream(s.rawTo("b").toString());
      }
    },
    APPENDING_FILE_STREAM {
      @Override
      OutputStream open(Sandbox s) throws IOException {
        return new FileOutputStream(s.rawTo("b").toString(), true);
      }
    },
    CHANNEL_STREAM {
      @Override
      OutputStream open(Sandbox s) throws IOException {
        return Channels.newOutputStream(FileChannel.open(s.to("b"), WRITE).position(50_000));
      }
    },
    /** Whoever writes past this class writes what nobody can read. */
    ENCRYPTING_FILE_STREAM {
      @Override
      OutputStream open(Sandbox s) throws IOException {
        return new Encrypting(s.rawTo("b"));
      }
    },
    FILTERED {
      @Override
      OutputStream open(Sandbox s) throws IOException {
        CRC32C sum = new CRC32C();
        return new CheckedOutputStream(Files.newOutputStream(s.to("b")), sum) {
          @Override
          public void close() throws IOException {
            super.close();
            s.observe("sum", sum::getValue);
          }
        };
      }
    },
    BUFFERED {
      @Override
      OutputStream open(Sandbox s) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(s.to("b")), 100_000);
      }
    };

    abstract OutputStream open(Sandbox s) throws IOException;
  }

  /** A stream to a file that changes every byte. */
  private static final class Encrypting extends FileOutputStream {
    Encrypting(Path file) throws IOException {
      super(file.toString());
    }

    @Override
    public void write(int b) throws IOException {
      super.write(b ^ 0x55);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
      write(bytes, 0, bytes.length);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      byte[] changed = Arrays.copyOfRange(bytes, offset, offset + length);
      for (int i = 0; i < changed.length; i++) {
        changed[i] ^= 0x55;
      }
      super.write(changed, 0, changed.length);
    }
  }

  @ParameterizedTest
  @EnumSource
  final void testTransfer_from(Source source) throws IOException {
    compare(
        Row.row(
            source.toString(),
            s -> {},
            s -> {
              int turn = 0;
              for (Sink sink : Sink.values()) {
                transfer(s, source, sink, SIZE, 777);
                // The rest in turn: not every size with every sink.
                int[] pair = ASIDE[turn++ % ASIDE.length];
                transfer(s, source, sink, pair[0], pair[1]);
              }
            }));
  }

  /** Reads a bit, writes a bit, transfers, and reads and writes again. */
  private static void transfer(Sandbox s, Source source, Sink sink, int size, int read)
      throws IOException {
    s.file("a", size).targetFile("b", TARGET_SIZE);
    s.observe("to " + sink, () -> size + " after " + read);
    try (InputStream in = source.open(s);
        OutputStream out = sink.open(s)) {
      s.observe("read", () -> in.readNBytes(read).length);
      out.write(1);
      s.observe("transfer", () -> in.transferTo(out));
      s.observe("at the end", () -> in.read() + ", available " + in.available());
      s.observe("again", () -> in.transferTo(out));
      out.write(new byte[] {2, 3});
    }
    s.observe("left", s::snapshot);
  }

  @ParameterizedTest
  @MethodSource("rows")
  final void testStream(Row row) throws IOException {
    compare(row);
  }

  static Stream<Row> rows() {
    Outcome.Operation file = s -> s.file("a", SIZE).targetFile("b", TARGET_SIZE);
    return Stream.of(
        Row.row("everything but transfers", file, StreamContract::read),
        Row.row("closed streams", file, StreamContract::closed),
        Row.row("no stream", file, StreamContract::withoutTarget),
        Row.row("interrupted", file, StreamContract::interrupted),
        Row.row("interrupted, to a channel", file, StreamContract::interruptedToChannel),
        Row.row("growing", file, StreamContract::growing),
        Row.row("onto itself", file, StreamContract::ontoItself),
        Row.row("copied from a stream", file, StreamContract::copyFromStream),
        Row.row("copied to a stream", file, StreamContract::copyToStream),
        Row.row("no regular files", file, StreamContract::specialFiles),
        Row.row("options", file, StreamContract::options),
        Row.row(
            "descriptors",
            file,
            s -> {
              Files.newInputStream(s.from("a")).close();
              try (InputStream in = Files.newInputStream(s.from("a"))) {
                s.observe("open", () -> OpenFiles.descriptors(s.rawFrom("a")));
                s.observe("transfer", () -> in.transferTo(OutputStream.nullOutputStream()));
              }
              s.observe("closed", () -> OpenFiles.descriptors(s.rawFrom("a")));
            }));
  }

  private static void read(Sandbox s) throws IOException {
    try (InputStream in = Files.newInputStream(s.from("a"))) {
      s.observe("byte", in::read);
      s.observe("bytes", () -> in.read(new byte[100]));
      s.observe("some", () -> in.read(new byte[100], 5, 20));
      s.observe("none", () -> in.read(new byte[100], 5, 0));
      s.observe("out of bounds", () -> in.read(new byte[100], 90, 20));
      s.observe("available", in::available);
      s.observe("skipped", () -> in.skip(1000));
      s.observe("back", () -> in.skip(-500));
      s.observe("not", () -> in.skip(0));
      s.observe("n bytes", () -> Arrays.hashCode(in.readNBytes(1000)));
      s.observe("n bytes of", () -> in.readNBytes(new byte[50], 1, 40));
      s.observe("negative", () -> in.readNBytes(-1).length);
      s.observe("marks", in::markSupported);
      in.mark(10);
      s.observe(
          "reset",
          () -> {
            in.reset();
            return "done";
          });
      s.observe(
          "skipped exactly",
          () -> {
            in.skipNBytes(10);
            return in.available();
          });
      s.observe("rest", () -> Arrays.hashCode(in.readAllBytes()));
      s.observe("end", in::read);
      s.observe("nothing", () -> in.readAllBytes().length);
      s.observe("beyond", () -> in.skip(10) + ", available " + in.available());
      s.observe(
          "skipped too far",
          () -> {
            in.skipNBytes(10);
            return in.available();
          });
    }
  }

  private static void closed(Sandbox s) throws IOException {
    for (int ends = 1; ends <= 3; ends++) {
      InputStream in = Files.newInputStream(s.from("a"));
      OutputStream out = Files.newOutputStream(s.to("b"));
      if ((ends & 1) != 0) {
        in.close();
      }
      if ((ends & 2) != 0) {
        out.close();
      }
      s.observe("transfer", () -> in.transferTo(out));
      s.observe("available", in::available);
      s.observe("read", in::read);
      in.close();
      out.close();
    }
    try (InputStream in = Files.newInputStream(s.from("a"))) {
      FileOutputStream out = new FileOutputStream(s.rawTo("b").toString());
      out.close();
      s.observe("to a closed file stream", () -> in.transferTo(out));
      s.observe("available", in::available);
    }
  }

  @SuppressWarnings("NullAway") // null is what is tested
  private static void withoutTarget(Sandbox s) throws IOException {
    try (InputStream in = Files.newInputStream(s.from("a"))) {
      s.observe("null", () -> in.transferTo(null));
      s.observe("available", in::available);
    }
    s.observe("copy to null", () -> Files.copy(s.from("a"), (OutputStream) null));
    s.observe("copy from null", () -> Files.copy((InputStream) null, s.to("c")));
  }

  private static void interrupted(Sandbox s) throws IOException {
    for (Sink sink : Sink.values()) {
      try (InputStream in = Files.newInputStream(s.from("a"));
          OutputStream out = sink.open(s)) {
        Thread.currentThread().interrupt();
        s.observe(sink + " transfer", () -> in.transferTo(out));
        s.observe("interrupted", Thread::interrupted);
        s.observe("available", in::available);
      }
      s.observe("left", s::snapshot);
    }
    Thread.currentThread().interrupt();
    s.observe("copied", () -> Files.copy(new ByteArrayInputStream(new byte[99]), s.to("c")));
    s.observe("interrupted", Thread::interrupted);
  }

  private static void interruptedToChannel(Sandbox s) throws IOException {
    try (InputStream in = Files.newInputStream(s.from("a"));
        FileChannel out = FileChannel.open(s.to("b"), WRITE)) {
      OutputStream stream = Channels.newOutputStream(out);
      Thread.currentThread().interrupt();
      s.observe("transfer", () -> in.transferTo(stream));
      s.observe("interrupted", Thread::interrupted);
      s.observe("open", out::isOpen);
    }
  }

  private static void growing(Sandbox s) throws IOException {
    try (InputStream in = Files.newInputStream(s.from("a"));
        OutputStream out = Files.newOutputStream(s.to("b"));
        OutputStream writer = Files.newOutputStream(s.rawFrom("a"), APPEND)) {
      s.observe("first", () -> in.transferTo(out));
      writer.write(new byte[100_000]);
      s.observe("second", () -> in.transferTo(out));
      writer.write(7);
      s.observe("available", in::available);
      s.observe("third", () -> in.transferTo(out));
      try (FileChannel cut = FileChannel.open(s.rawFrom("a"), WRITE)) {
        cut.truncate(5);
      }
      s.observe("cut", () -> in.transferTo(out));
      s.observe("available in a cut file", in::available);
    }
  }

  private static void ontoItself(Sandbox s) throws IOException {
    try (InputStream in = Files.newInputStream(s.from("a"));
        OutputStream out = Files.newOutputStream(s.to("b"), WRITE);
        InputStream back = Files.newInputStream(s.to("b"))) {
      s.observe("there", () -> in.transferTo(out));
      s.observe("skip", () -> back.skip(250_000));
      // Ends, though each byte read may be one byte more to read: what is written lies before.
      try (OutputStream before = Files.newOutputStream(s.to("b"), WRITE)) {
        s.observe("to the front", () -> back.transferTo(before));
      }
    }
  }

  private static void copyFromStream(Sandbox s) throws IOException {
    for (Source source : Source.values()) {
      try (InputStream in = source.open(s)) {
        s.observe(source + " skipped", () -> in.skip(777));
        s.observe("copied", () -> Files.copy(in, s.to(source.name())));
        s.observe("again", () -> Files.copy(in, s.to(source.name()), REPLACE_EXISTING));
      }
      try (InputStream in = source.open(s)) {
        s.observe("existing", () -> Files.copy(in, s.to("b")));
        s.observe("replaced", () -> Files.copy(in, s.to("b"), REPLACE_EXISTING));
        s.observe("no parent", () -> Files.copy(in, s.to("none/b")));
      }
      s.observe("left", s::snapshot);
    }
  }

  private static void copyToStream(Sandbox s) throws IOException {
    for (Sink sink : Sink.values()) {
      try (OutputStream out = sink.open(s)) {
        s.observe(sink + " copied", () -> Files.copy(s.from("a"), out));
        s.observe("again", () -> Files.copy(s.from("a"), out));
        s.observe("missing", () -> Files.copy(s.from("none"), out));
        s.observe("directory", () -> Files.copy(s.from(""), out));
      }
      s.observe("left", s::snapshot);
    }
  }

  private static void specialFiles(Sandbox s) throws IOException {
    for (String name : new String[] {"/proc/filesystems", "/dev/null"}) {
      try (InputStream in = Files.newInputStream(s.at(Stock.path(name)));
          OutputStream out = Files.newOutputStream(s.to("b"))) {
        s.observe(name, () -> in.transferTo(out));
      }
      s.observe("left", s::snapshot);
      s.observe("copied", () -> Files.copy(s.at(Stock.path(name)), s.to("c"), REPLACE_EXISTING));
      s.observe("left", s::snapshot);
    }
    try (InputStream in = Files.newInputStream(s.from("a"));
        OutputStream out = Files.newOutputStream(s.at(Stock.path("/dev/null")))) {
      s.observe("to nowhere", () -> in.transferTo(out));
      s.observe("available", in::available);
    }
    Libc.pipe(s.rawTo("pipe"));
    FarEnd<String> far = FarEnd.reading(() -> Files.newInputStream(s.rawTo("pipe")));
    try (InputStream in = Files.newInputStream(s.from("a"));
        OutputStream out = Files.newOutputStream(s.to("pipe"), WRITE)) {
      s.observe("to a pipe", () -> in.transferTo(out));
    }
    s.observe("read", far::result);
    FarEnd<String> writer =
        FarEnd.writing(() -> Files.newOutputStream(s.rawTo("pipe"), WRITE), new byte[100_000]);
    try (InputStream in = Files.newInputStream(s.to("pipe"));
        OutputStream out = Files.newOutputStream(s.to("b"))) {
      s.observe("from a pipe", () -> in.transferTo(out));
    }
    s.observe("written", writer::result);
  }

  @SuppressWarnings("NullAway") // null is what is tested
  private static void options(Sandbox s) {
    for (OpenOption option : new OpenOption[] {WRITE, APPEND, READ, SYNC, DELETE_ON_CLOSE, null}) {
      s.observe(
          "in " + option,
          () -> {
            try (InputStream in = Files.newInputStream(s.from("a"), option)) {
              return in.readAllBytes().length;
            }
          });
    }
    s.observe("out for reading", () -> Files.newOutputStream(s.to("b"), READ));
    s.observe("missing", () -> Files.newInputStream(s.from("none")).read());
    s.observe(
        "directory",
        () -> {
          try (InputStream in = Files.newInputStream(s.from(""))) {
            return in.read();
          }
        });
    s.observe(
        "channel of a stream",
        () -> {
          try (var channel = Channels.newChannel(Files.newInputStream(s.to("b")))) {
            return channel.read(ByteBuffer.allocate(99));
          }
        });
  }
}
