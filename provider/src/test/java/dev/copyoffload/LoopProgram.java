package dev.copyoffload;

import com.google.common.io.ByteStreams;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import kotlin.io.ByteStreamsKt;
import org.apache.commons.io.IOUtils;

/** Copies in loops, as libraries and programs have them; prints what can be seen of each. */
final class LoopProgram {
  /** No multiple of a block, nor of a buffer. */
  private static final int SIZE = 1_200_001;

  private final Path dir;
  private final Path source;
  private final Path full;

  private LoopProgram(Path dir, Path full) {
    this.dir = dir;
    this.source = dir.resolve("source");
    this.full = full;
  }

  /**
   * Runs all of them.
   *
   * @param arguments an empty directory, and one that a file of 3 MB does not fit in
   */
  public static void main(String... arguments) throws Exception {
    new LoopProgram(Path.of(arguments[0]), Path.of(arguments[1])).run();
  }

  /** A loop, or a library's method with one. */
  private interface Loop {
    long copy(InputStream in, OutputStream out) throws IOException;
  }

  /** Makes one end of a copy. */
  private interface Opening<T, U> {
    U open(T what) throws Exception;
  }

  private void run() throws Exception {
    byte[] content = new byte[SIZE];
    new Random(1).nextBytes(content);
    Files.write(source, content);
    libraries();
    plainEnds();
    copiesOfTheJdk();
    otherEnds();
    afterwards();
    endings();
    interrupts();
    twoKinds();
    buffers();
  }

  // --- Loops
  // --------------------------------------------------------------------------------------

  private static long loop(InputStream in, OutputStream out) throws IOException {
    return loop(in, out, new byte[8192]);
  }

  private static long loop(InputStream in, OutputStream out, byte[] buffer) throws IOException {
    long total = 0;
    int read;
    while ((read = in.read(buffer)) != -1) {
      out.write(buffer, 0, read);
      total += read;
    }
    return total;
  }

  private static long sections(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[70_000];
    long total = 0;
    for (int read = in.read(buffer, 0, 40_000); read > 0; read = in.read(buffer, 0, 40_000)) {
      out.write(buffer, 0, read);
      total += read;
    }
    return total;
  }

  /** Says how far it came. */
  private static int quietly(InputStream in, OutputStream out) {
    byte[] buffer = new byte[10_000];
    int total = 0;
    try {
      int read;
      while ((read = in.read(buffer)) >= 0) {
        out.write(buffer, 0, read);
        total += read;
      }
    } catch (IOException e) {
      print("  " + e);
    }
    return total;
  }

  private void libraries() throws Exception {
    shared("commons-io", IOUtils::copyLarge);
    shared("commons-io-buffer", (in, out) -> IOUtils.copyLarge(in, out, new byte[16384]));
    shared("guava", ByteStreams::copy);
    shared("kotlin", (in, out) -> ByteStreamsKt.copyTo(in, out, 8192));
    shared("own", LoopProgram::loop);
    shared("own-sections", LoopProgram::sections);
    shared("own-quiet", LoopProgram::quietly);
    com.google.common.io.Files.copy(source.toFile(), target("plain-guava-files").toFile());
    kotlin.io.FilesKt.copyTo(source.toFile(), target("plain-kotlin-files").toFile(), false, 8192);
  }

  private void plainEnds() throws Exception {
    List<Opening<Path, InputStream>> ins =
        List.of(
            file -> new FileInputStream(file.toFile()),
            Files::newInputStream,
            file -> new BufferedInputStream(new FileInputStream(file.toFile())),
            file -> new BufferedInputStream(Files.newInputStream(file), 100),
            file -> file.toUri().toURL().openStream(),
            file -> Channels.newInputStream(FileChannel.open(file)));
    List<Opening<Path, OutputStream>> outs =
        List.of(
            file -> new FileOutputStream(file.toFile()),
            Files::newOutputStream,
            file -> new BufferedOutputStream(new FileOutputStream(file.toFile())),
            file -> new BufferedOutputStream(Files.newOutputStream(file), 20_000));
    for (int i = 0; i < ins.size(); i++) {
      for (int j = 0; j < outs.size(); j++) {
        copy("plain-ends-" + i + "-" + j, ins.get(i), outs.get(j), LoopProgram::loop);
        copy("plain-all-" + i + "-" + j, ins.get(i), outs.get(j), InputStream::transferTo);
      }
    }
  }

  private void copiesOfTheJdk() throws Exception {
    try (InputStream in = new BufferedInputStream(new FileInputStream(source.toFile()))) {
      print("copied " + Files.copy(in, target("plain-from-stream")));
    }
    try (OutputStream out =
        new BufferedOutputStream(new FileOutputStream(target("plain-to-stream").toFile()))) {
      print("copied " + Files.copy(source, out));
    }
  }

  // --- Ends that only look plain
  // ------------------------------------------------------------------

  /** Reads no file as it is. */
  private static final class Upside extends FileInputStream {
    private int reads;

    Upside(File file) throws IOException {
      super(file);
    }

    @Override
    public int read(byte[] buffer) throws IOException {
      reads++;
      int read = super.read(buffer);
      for (int i = 0; i < read; i++) {
        buffer[i] ^= 1;
      }
      return read;
    }
  }

  private static final class Counting extends FileOutputStream {
    private int writes;

    Counting(File file) throws IOException {
      super(file);
    }

    @Override
    public void write(byte[] buffer, int from, int count) throws IOException {
      writes++;
      super.write(buffer, from, count);
    }
  }

  private void otherEnds() throws Exception {
    Path target = target("subclasses");
    try (Upside in = new Upside(source.toFile());
        Counting out = new Counting(target.toFile())) {
      print("subclasses " + loop(in, out) + " " + in.reads + " " + out.writes);
    }
    describe(target);
    copy(
        "buffered-in",
        file -> {
          InputStream in = new BufferedInputStream(new FileInputStream(file.toFile()));
          print("  first " + in.read());
          return in;
        },
        file -> new FileOutputStream(file.toFile()),
        LoopProgram::loop);
    copy(
        "buffered-out",
        file -> new FileInputStream(file.toFile()),
        file -> {
          OutputStream out = new BufferedOutputStream(new FileOutputStream(file.toFile()));
          out.write(7);
          return out;
        },
        LoopProgram::loop);
    marked();
    copy(
        "appending",
        file -> new FileInputStream(file.toFile()),
        file -> {
          Files.writeString(file, "before");
          return new FileOutputStream(file.toFile(), true);
        },
        LoopProgram::loop);
    withinOneFile();
    copy(
        "no-file",
        file -> new FileInputStream("/proc/version"),
        file -> new FileOutputStream(file.toFile()),
        LoopProgram::loop);
    copy(
        "device",
        file -> new FileInputStream(file.toFile()),
        file -> new FileOutputStream("/dev/null"),
        LoopProgram::loop);
    process();
  }

  private void marked() throws Exception {
    Path target = target("marked");
    try (InputStream in = new BufferedInputStream(new FileInputStream(source.toFile()), 8192);
        OutputStream out = new FileOutputStream(target.toFile())) {
      print("marked " + in.read(new byte[8192]));
      in.mark(2 * SIZE);
      print("  " + loop(in, out));
      in.reset();
      print("  again from " + in.read());
    }
    describe(target);
  }

  private void withinOneFile() throws Exception {
    Path file = target("one-file");
    Files.copy(source, file);
    try (InputStream in = new FileInputStream(file.toFile());
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      in.skipNBytes(100_000);
      print("one file " + loop(in, Channels.newOutputStream(channel.position(1))));
    }
    describe(file);
  }

  /** A pipe's end, which the JDK reads by a stream of its own over a plain one. */
  private void process() throws Exception {
    Path target = target("process");
    Process process = new ProcessBuilder("cat", source.toString()).start();
    try (InputStream in = process.getInputStream();
        OutputStream out = new FileOutputStream(target.toFile())) {
      print("process " + loop(in, out));
    }
    describe(target);
  }

  // --- What a program can see afterwards
  // ----------------------------------------------------------

  private void afterwards() throws Exception {
    Path target = target("positions");
    try (FileInputStream in = new FileInputStream(source.toFile());
        FileOutputStream out = new FileOutputStream(target.toFile())) {
      in.skipNBytes(12_345);
      out.write(new byte[777]);
      print("positions " + loop(in, out));
      print("  " + in.getChannel().position() + " " + out.getChannel().position());
      try (OutputStream more = new FileOutputStream(source.toFile(), true)) {
        more.write(new byte[200_000]);
      }
      print("  grown " + loop(in, out));
      print("  " + in.getChannel().position() + " " + out.getChannel().position());
    }
    describe(target);
    try (FileChannel channel = FileChannel.open(source, StandardOpenOption.WRITE)) {
      channel.truncate(SIZE);
    }
    for (int size : new int[] {1, 8192, 65_536, 100_000, 1 << 20}) {
      byte[] buffer = new byte[size];
      if (size > 1) {
        copy(
            "kept-" + size,
            file -> new FileInputStream(file.toFile()),
            file -> new FileOutputStream(file.toFile()),
            (in, out) -> loop(in, out, buffer));
        print("  " + Arrays.hashCode(buffer));
      }
    }
  }

  private void endings() throws Exception {
    for (Loop loop : List.<Loop>of(LoopProgram::loop, LoopProgram::quietly)) {
      Path target = full.resolve("full");
      FileInputStream in = new FileInputStream(source.toFile());
      try (in;
          FileOutputStream out = new FileOutputStream(target.toFile())) {
        print("full " + loop.copy(in, out));
      } catch (IOException e) {
        print("full " + e);
      }
      describe(target);
      Files.delete(target);
    }
    FileInputStream in = new FileInputStream(source.toFile());
    FileOutputStream out = new FileOutputStream(target("closed").toFile());
    in.close();
    print("closed " + quietly(in, out));
    out.close();
    try (InputStream again = new FileInputStream(source.toFile())) {
      print("closed " + quietly(again, out) + ", left " + again.available());
    }
  }

  private void interrupts() throws Exception {
    copy(
        "interrupted",
        file -> {
          Thread.currentThread().interrupt();
          return new FileInputStream(file.toFile());
        },
        file -> new FileOutputStream(file.toFile()),
        LoopProgram::loop);
    print("  " + Thread.interrupted());
    Path target = target("interrupted-channel");
    try (FileChannel from = FileChannel.open(source);
        InputStream in = Channels.newInputStream(from);
        OutputStream out = new FileOutputStream(target.toFile())) {
      Thread.currentThread().interrupt();
      print("interrupted channel " + quietly(in, out));
      print("  " + Thread.interrupted() + " " + from.isOpen());
    }
    describe(target);
  }

  /** By the JDK's own loop, where the streams are of two kinds. */
  private void twoKinds() throws Exception {
    Path target = full.resolve("full");
    try (InputStream in = new FileInputStream(source.toFile());
        OutputStream out = Files.newOutputStream(target)) {
      print("full " + in.transferTo(out));
    } catch (IOException e) {
      print("full " + e);
    }
    describe(target);
    Files.delete(target);
    for (boolean closesSource : new boolean[] {true, false}) {
      try (InputStream in = Files.newInputStream(source);
          OutputStream out = new FileOutputStream(target("closed-all").toFile())) {
        (closesSource ? in : out).close();
        print("closed " + in.transferTo(out));
      } catch (IOException e) {
        print("closed " + e);
      }
    }
    Opening<Path, InputStream> file = from -> new FileInputStream(from.toFile());
    copy(
        "all-appending",
        file,
        to -> {
          Files.writeString(to, "before");
          return Files.newOutputStream(to, StandardOpenOption.APPEND);
        },
        InputStream::transferTo);
    copy(
        "all-device",
        file,
        to -> Files.newOutputStream(Path.of("/dev/null")),
        InputStream::transferTo);
    copy(
        "all-no-file",
        from -> new FileInputStream("/proc/version"),
        Files::newOutputStream,
        InputStream::transferTo);
    copy(
        "all-interrupted",
        from -> {
          Thread.currentThread().interrupt();
          return new FileInputStream(from.toFile());
        },
        to -> new BufferedOutputStream(new FileOutputStream(to.toFile())),
        InputStream::transferTo);
    print("  " + Thread.interrupted());
    copy(
        "all-positions",
        from -> {
          InputStream in = Files.newInputStream(from);
          in.skipNBytes(12_345);
          return in;
        },
        to -> {
          OutputStream out = new FileOutputStream(to.toFile());
          out.write(new byte[777]);
          return out;
        },
        InputStream::transferTo);
  }

  // --- Buffered streams, before they are flushed ----------------------------------------

  /** Bytes of a stream's buffer; 0 for none, and 8192 for what it has by itself. */
  private static final int[] CAPACITIES = {0, 512, 8192, 10_000, 1 << 20};

  private void buffers() throws Exception {
    for (int length : new int[] {1000, 4096, 8192, 65_536}) {
      copy(
          "plain-buffer-" + length,
          file -> new FileInputStream(file.toFile()),
          file -> new BufferedOutputStream(new FileOutputStream(file.toFile())),
          (in, out) -> loop(in, out, new byte[length]));
    }
    byte[] content = new byte[(2 << 20) + 1234];
    new Random(2).nextBytes(content);
    for (int size : new int[] {2 << 20, content.length}) {
      Files.write(dir.resolve("large"), Arrays.copyOf(content, size));
      for (int capacity : CAPACITIES) {
        for (int of : CAPACITIES) {
          for (int length : new int[] {1000, 4096, 8192, 65_536}) {
            byte[] buffer = new byte[length];
            buffered(of, capacity, (in, out) -> loop(in, out, buffer));
            print("  " + length + " " + Arrays.hashCode(buffer));
          }
          buffered(of, capacity, InputStream::transferTo);
        }
        buffered(0, capacity, (in, out) -> Files.copy(dir.resolve("large"), out));
      }
    }
  }

  private void buffered(int of, int capacity, Loop loop) throws IOException {
    Path target = target("buffered");
    try (FileInputStream in = new FileInputStream(dir.resolve("large").toFile());
        FileOutputStream out = new FileOutputStream(target.toFile())) {
      InputStream from =
          of == 0 ? in : of == 8192 ? new BufferedInputStream(in) : new BufferedInputStream(in, of);
      OutputStream to =
          capacity == 0
              ? out
              : capacity == 8192
                  ? new BufferedOutputStream(out)
                  : new BufferedOutputStream(out, capacity);
      print("buffered " + of + " " + capacity + " " + loop.copy(from, to));
      print("  " + in.getChannel().position() + " " + out.getChannel().position());
      print("  " + Files.size(target));
      out.write('X');
      to.flush();
    }
    describe(target);
  }

  // --- Reports
  // ------------------------------------------------------------------------------------

  private void shared(String name, Loop loop) throws Exception {
    copy(
        "plain-" + name,
        file -> new FileInputStream(file.toFile()),
        file -> new FileOutputStream(file.toFile()),
        loop);
  }

  private void copy(
      String name,
      Opening<Path, InputStream> opening,
      Opening<Path, OutputStream> creating,
      Loop loop)
      throws Exception {
    Path target = target(name);
    try (InputStream in = opening.open(source);
        OutputStream out = creating.open(target)) {
      print(name + " " + loop.copy(in, out));
    }
    describe(target);
  }

  private Path target(String name) {
    return dir.resolve(name);
  }

  private static void describe(Path file) throws IOException {
    List<String> facts = new ArrayList<>();
    if (Files.exists(file)) {
      facts.add(Long.toString(Files.size(file)));
      facts.add(Integer.toString(Arrays.hashCode(Files.readAllBytes(file))));
    }
    print("  " + String.join(" ", facts));
  }

  @SuppressWarnings("SystemOut") // what the test compares
  private static void print(String line) {
    System.out.println(line);
  }
}
