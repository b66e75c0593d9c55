package dev.copyoffload.spi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A program that copies one file and knows nothing of any provider. */
final class PlainCopy {
  private PlainCopy() {}

  public static void main(String[] arguments) throws IOException {
    Files.copy(Path.of(arguments[0]), Path.of(arguments[1]));
  }
}
