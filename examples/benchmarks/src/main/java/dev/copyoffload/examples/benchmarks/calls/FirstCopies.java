package dev.copyoffload.examples.benchmarks.calls;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program that copies the files of a directory and ends: most of its time is the JVM's start.
 *
 * <p>It prints the nanoseconds of the copies alone and the class of the default provider.
 */
public final class FirstCopies {
  public static final String COPY = "Files.copy";
  public static final String FILES_STREAM = "Files.newInputStream transferTo";
  public static final String FILE_STREAM = "FileInputStream.transferTo";

  private FirstCopies() {}

  /**
   * Copies.
   *
   * @param arguments by which call, from which directory, to which one
   */
  public static void main(String[] arguments) throws IOException {
    Path sources = Path.of(arguments[1]);
    Path targets = Path.of(arguments[2]);
    String[] names = sources.toFile().list();
    if (names == null) {
      throw new IOException(sources + " cannot be listed");
    }
    long before = System.nanoTime();
    for (String name : names) {
      copy(arguments[0], sources.resolve(name), targets.resolve(name));
    }
    System.out.println(System.nanoTime() - before);
    System.out.println(FileSystems.getDefault().provider().getClass().getName());
  }

  private static void copy(String call, Path source, Path target) throws IOException {
    switch (call) {
      case COPY -> Files.copy(source, target);
      case FILES_STREAM -> {
        try (InputStream in = Files.newInputStream(source);
            OutputStream out = Files.newOutputStream(target)) {
          in.transferTo(out);
        }
      }
      case FILE_STREAM -> {
        try (InputStream in = new FileInputStream(source.toFile());
            OutputStream out = new FileOutputStream(target.toFile())) {
          in.transferTo(out);
        }
      }
      default -> throw new IllegalArgumentException(call);
    }
  }
}
