package dev.copyoffload.examples.benchmarks.calls;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.openjdk.jmh.annotations.Benchmark;

/** Calls that copy nothing, and must cost what they cost without us. */
public class MetadataCalls {
  @Benchmark
  public boolean existsPresent(MetadataFiles files) {
    return Files.exists(files.present);
  }

  @Benchmark
  public boolean existsMissing(MetadataFiles files) {
    return Files.exists(files.missing);
  }

  @Benchmark
  public BasicFileAttributes readAttributes(MetadataFiles files) throws IOException {
    return Files.readAttributes(files.present, BasicFileAttributes.class);
  }

  @Benchmark
  public byte[] readAllBytes(MetadataFiles files) throws IOException {
    return Files.readAllBytes(files.present);
  }

  @Benchmark
  public boolean openAndClose(MetadataFiles files) throws IOException {
    try (FileChannel channel = FileChannel.open(files.present)) {
      return channel.isOpen();
    }
  }

  @Benchmark
  public long walk(MetadataFiles files) throws IOException {
    Count count = new Count();
    Files.walkFileTree(files.present, count);
    return count.files;
  }

  private static final class Count extends SimpleFileVisitor<Path> {
    private long files;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      files++;
      return FileVisitResult.CONTINUE;
    }
  }
}
