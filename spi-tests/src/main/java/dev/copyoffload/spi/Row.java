package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/**
 * One line of a contract's table.
 *
 * @param name what is special here
 * @param layout what is there before
 * @param operation what is done
 * @param failure the exception to expect of every provider, or null for success
 */
record Row(
    String name,
    Outcome.Operation layout,
    Outcome.Operation operation,
    @Nullable Class<? extends Exception> failure) {

  static Row row(String name, Outcome.Operation layout, Outcome.Operation operation) {
    return new Row(name, layout, operation, null);
  }

  Row fails(Class<? extends Exception> with) {
    return new Row(name, layout, operation, with);
  }

  /** Copies the source's file "a" to the target's file "b". */
  static Outcome.Operation copy(CopyOption... options) {
    return s -> Files.copy(s.from("a"), s.to("b"), options);
  }

  /** Moves the source's file "a" to the target's file "b". */
  static Outcome.Operation move(CopyOption... options) {
    return s -> Files.move(s.from("a"), s.to("b"), options);
  }

  /** A file system that somebody gave may lack links, pipes or names: then nothing is tested. */
  void layOut(Sandbox sandbox) throws IOException {
    try {
      layout.run(sandbox);
    } catch (IOException e) {
      assumeFalse(sandbox.isOnGiven(), () -> name + " cannot be laid out: " + e);
      throw e;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
