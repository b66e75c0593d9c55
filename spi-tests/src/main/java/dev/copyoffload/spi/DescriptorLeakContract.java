package dev.copyoffload.spi;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** Copies leave no descriptor open, whether they succeed or fail. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
public abstract class DescriptorLeakContract extends DiskContract {
  @Test
  final void testCopy_leavesDescriptors() throws IOException {
    try (Sandbox s = sandbox()) {
      Path small = s.file("small", 5000).from("small");
      Path large = s.file("large", 300_000).from("large");
      // Whatever is opened once and kept, such as a pool, is open after the first round.
      copy(s, small, large);
      int before;
      int after;
      int tries = 0;
      do {
        before = descriptors();
        for (int i = 0; i < 100; i++) {
          copy(s, small, large);
        }
        after = descriptors();
        tries++;
        // The collector closes what an earlier test has left open; a copy would do it each time.
      } while (after != before && tries < 3);
      assertEquals(before, after);
    }
  }

  /** Ten copies that succeed, and two that fail. */
  private static void copy(Sandbox s, Path small, Path large) throws IOException {
    for (int i = 0; i < 9; i++) {
      Files.copy(small, s.to("b"), REPLACE_EXISTING);
    }
    Files.copy(large, s.to("c"), REPLACE_EXISTING);
    assertThrows(FileAlreadyExistsException.class, () -> Files.copy(small, s.to("b")));
    assertThrows(NoSuchFileException.class, () -> Files.copy(large, s.to("none/b")));
  }

  private static int descriptors() {
    String[] open = new File("/proc/self/fd").list();
    return open == null ? -1 : open.length;
  }
}
