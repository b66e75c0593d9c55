package dev.copyoffload.spi;

import static dev.copyoffload.spi.Interruptible.INTERRUPTIBLE;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of source on every kind of target with every option, as stock does it. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachNeighbour.class)
public abstract class MatrixContract extends DiskContract {
  private static final List<CopyOption> OPTIONS =
      List.of(REPLACE_EXISTING, COPY_ATTRIBUTES, NOFOLLOW_LINKS, INTERRUPTIBLE);

  @ParameterizedTest
  @EnumSource
  final void testCopy_ofKind(Kind source) throws IOException {
    // Whether a copy can be interrupted matters where there are bytes to copy.
    int sets = source == Kind.FILE ? 16 : 8;
    for (Target target : Target.values()) {
      for (int set = 0; set < sets; set++) {
        CopyOption[] options = options(set);
        Row row =
            Row.row(
                source + " to " + target + " with " + List.of(options),
                s -> {
                  source.make(s, "a");
                  target.make(s);
                },
                s -> Files.copy(s.from("a"), target.path(s), options));
        compare(row);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  final void testMove_ofKind(Kind source) throws IOException {
    for (Target target : Target.values()) {
      Outcome.Operation layout =
          s -> {
            source.make(s, "a");
            target.make(s);
          };
      String name = source + " to " + target;
      compare(Row.row(name, layout, s -> Files.move(s.from("a"), target.path(s))));
      compare(
          Row.row(name, layout, s -> Files.move(s.from("a"), target.path(s), REPLACE_EXISTING)));
      compare(Row.row(name, layout, s -> Files.move(s.from("a"), target.path(s), ATOMIC_MOVE)));
    }
  }

  /** Returns the options whose bits are set. */
  static CopyOption[] options(int bits) {
    List<CopyOption> chosen = new ArrayList<>();
    for (int i = 0; i < OPTIONS.size(); i++) {
      if ((bits & 1 << i) != 0) {
        chosen.add(OPTIONS.get(i));
      }
    }
    return chosen.toArray(CopyOption[]::new);
  }
}
