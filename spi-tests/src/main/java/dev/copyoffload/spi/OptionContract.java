package dev.copyoffload.spi;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.CopyOffload;
import dev.copyoffload.CopyProgress;
import dev.copyoffload.OffloadCopyOption;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** {@code Files.copy} takes our options in every mode, and the JDK never sees them. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
public abstract class OptionContract extends DiskContract {
  private static final int SIZE = 300_000;

  @Test
  final void testEachOption_isDoneOrRefused() throws IOException {
    for (OffloadCopyOption option : OffloadCopyOption.values()) {
      if (option == OffloadCopyOption.DEDUPE) {
        continue;
      }
      try (Sandbox s = sandbox().file("a", SIZE)) {
        if (isDone(s.from("a"), s.to("b"), option)) {
          assertEquals(-1, Files.mismatch(s.rawFrom("a"), s.rawTo("b")));
        } else {
          assertFalse(Files.exists(s.rawTo("b")), option + " left something");
          assertTrue(option == OffloadCopyOption.REFLINK || !CopyOffload.load());
        }
        assertEquals(List.of(), stagedIn(s));
      }
    }
  }

  private static boolean isDone(Path from, Path to, OffloadCopyOption option) throws IOException {
    try {
      Files.copy(from, to, option, COPY_ATTRIBUTES);
      return true;
    } catch (FileSystemException e) {
      assertTrue(e.getReason().startsWith(option + ": "), e.toString());
      return false;
    }
  }

  private static List<String> stagedIn(Sandbox s) throws IOException {
    List<String> found = new ArrayList<>();
    try (var names = Files.list(s.rawTo("x").getParent())) {
      names.map(Path::toString).filter(name -> name.contains(".copyoffload-")).forEach(found::add);
    }
    return found;
  }

  @Test
  final void testObstacles_areTheJdks() throws IOException {
    try (Sandbox s = sandbox().file("a", SIZE).targetFile("there", 10).targetDirectory("full")) {
      s.targetFile("full/file", 10);
      OffloadCopyOption option = OffloadCopyOption.SPARSE_ALWAYS;
      assertThrows(
          FileAlreadyExistsException.class, () -> Files.copy(s.from("a"), s.to("there"), option));
      assertThrows(
          java.nio.file.DirectoryNotEmptyException.class,
          () -> Files.copy(s.from("a"), s.to("full"), option, REPLACE_EXISTING));
      assertThrows(NoSuchFileException.class, () -> Files.copy(s.from("none"), s.to("b"), option));
      Files.copy(s.from("a"), s.to("there"), option, REPLACE_EXISTING);
      assertEquals(-1, Files.mismatch(s.rawFrom("a"), s.rawTo("there")));
      assertEquals(List.of(), stagedIn(s));
    }
  }

  @Test
  final void testContradiction() throws IOException {
    try (Sandbox s = sandbox().file("a", SIZE)) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              Files.copy(
                  s.from("a"),
                  s.to("b"),
                  OffloadCopyOption.SPARSE_ALWAYS,
                  OffloadCopyOption.SPARSE_NEVER));
      assertFalse(Files.exists(s.rawTo("b")));
    }
  }

  /** They have no bytes, so nothing is demanded of them. */
  @Test
  final void testDirectoryAndLink() throws IOException {
    try (Sandbox s = sandbox().directory("d").link("l", "nowhere")) {
      Files.copy(s.from("d"), s.to("d"), OffloadCopyOption.REFLINK);
      assertTrue(Files.isDirectory(s.rawTo("d")));
      Files.copy(s.from("l"), s.to("l"), OffloadCopyOption.NO_REFLINK, NOFOLLOW_LINKS);
      assertEquals("nowhere", Files.readSymbolicLink(s.rawTo("l")).toString());
    }
  }

  @Test
  final void testProgress() throws IOException {
    try (Sandbox s = sandbox().file("a", 5 << 20)) {
      List<Long> told = new ArrayList<>();
      CopyProgress progress =
          CopyProgress.of(
              (done, total) -> {
                told.add(done);
                return total == 5 << 20;
              });
      Files.copy(s.from("a"), s.to("b"), progress);
      assertEquals(5L << 20, told.get(told.size() - 1));
      assertThrows(
          FileSystemException.class,
          () -> Files.copy(s.from("a"), s.to("c"), CopyProgress.of((done, total) -> false)));
      assertFalse(Files.exists(s.rawTo("c")));
    }
  }
}
