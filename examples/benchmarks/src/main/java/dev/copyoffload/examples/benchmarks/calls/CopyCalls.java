package dev.copyoffload.examples.benchmarks.calls;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;

/** One file copied, by each call of the JDK that can; open and close are part of it. */
public class CopyCalls {
  @Benchmark
  public Path copy(FreshTargets targets) throws IOException {
    return Files.copy(targets.sourceFile, targets.next());
  }

  @Benchmark
  public Path copyAttributes(FreshTargets targets) throws IOException {
    return Files.copy(targets.sourceFile, targets.next(), COPY_ATTRIBUTES);
  }

  @Benchmark
  public Path copyReplacing(ExistingTargets targets) throws IOException {
    return Files.copy(targets.sourceFile, targets.next(), REPLACE_EXISTING);
  }

  @Benchmark
  public Path move(MovableSources files) throws IOException {
    return Files.move(files.nextSource(), files.next());
  }

  @Benchmark
  public long transferTo(FreshTargets targets) throws IOException {
    try (FileChannel in = FileChannel.open(targets.sourceFile);
        FileChannel out = FileChannel.open(targets.next(), WRITE, CREATE_NEW)) {
      return all(in.transferTo(0, in.size(), out), in);
    }
  }

  @Benchmark
  public long transferFrom(FreshTargets targets) throws IOException {
    try (FileChannel in = FileChannel.open(targets.sourceFile);
        FileChannel out = FileChannel.open(targets.next(), WRITE, CREATE_NEW)) {
      return all(out.transferFrom(in, 0, in.size()), in);
    }
  }

  @Benchmark
  public long streamTransferTo(FreshTargets targets) throws IOException {
    try (InputStream in = Files.newInputStream(targets.sourceFile);
        OutputStream out = Files.newOutputStream(targets.next(), WRITE, CREATE_NEW)) {
      return in.transferTo(out);
    }
  }

  @Benchmark
  public long copyFromStream(FreshTargets targets) throws IOException {
    try (InputStream in = Files.newInputStream(targets.sourceFile)) {
      return Files.copy(in, targets.next());
    }
  }

  @Benchmark
  public long copyToStream(FreshTargets targets) throws IOException {
    try (OutputStream out = Files.newOutputStream(targets.next(), WRITE, CREATE_NEW)) {
      return Files.copy(targets.sourceFile, out);
    }
  }

  /** What cp(1) takes, with the start of its process. */
  @Benchmark
  public int cp(FreshTargets targets) throws IOException, InterruptedException {
    return Cp.run("--reflink=auto", targets.source, targets.next());
  }

  /** Half a transfer would look like a fast one. */
  private static long all(long transferred, FileChannel source) throws IOException {
    if (transferred != source.size()) {
      throw new IOException(transferred + " bytes transferred of " + source.size());
    }
    return transferred;
  }
}
