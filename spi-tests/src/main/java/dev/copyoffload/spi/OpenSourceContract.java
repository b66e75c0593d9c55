package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files that were written a moment ago and are still open for writing: a copy has what a reader
 * sees, though the file system may not have heard of it.
 */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachRoute.class)
public abstract class OpenSourceContract extends DiskContract {
  private static final int SIZE = 1 << 20;
  private static final int AT = 400_000;
  private static final byte[] NEW = new byte[300_000];

  static {
    new Random(11).nextBytes(NEW);
  }

  /** What the writer has done last. */
  private enum Change {
    WRITTEN {
      @Override
      byte[] make(Sandbox s, RawFile file) throws IOException {
        file.write(0, NEW);
        return NEW;
      }
    },
    APPENDED {
      @Override
      byte[] make(Sandbox s, RawFile file) throws IOException {
        s.file("a", AT);
        byte[] content = Arrays.copyOf(Files.readAllBytes(s.rawFrom("a")), AT + NEW.length);
        System.arraycopy(NEW, 0, content, AT, NEW.length);
        file.write(AT, NEW);
        return content;
      }
    },
    WRITTEN_INTO_HOLE {
      @Override
      byte[] make(Sandbox s, RawFile file) throws IOException {
        byte[] content = sparse(s);
        file.write(AT, NEW);
        return content;
      }
    },
    MAPPED {
      @Override
      byte[] make(Sandbox s, RawFile file) throws IOException {
        byte[] content = sparse(s);
        file.put(AT, NEW);
        return content;
      }
    },
    PUNCHED_AND_WRITTEN {
      @Override
      byte[] make(Sandbox s, RawFile file) throws IOException {
        s.file("a", SIZE);
        byte[] content = Files.readAllBytes(s.rawFrom("a"));
        int end = AT + NEW.length + 200_000;
        file.punch(0, end);
        Arrays.fill(content, 0, end, (byte) 0);
        System.arraycopy(NEW, 0, content, AT, NEW.length);
        file.write(AT, NEW);
        return content;
      }
    };

    /** Makes a change to the file "a" of the source's directory and returns what is in it then. */
    abstract byte[] make(Sandbox s, RawFile file) throws IOException;

    private static byte[] sparse(Sandbox s) throws IOException {
      s.sparse("a", SIZE, 0);
      byte[] content = Files.readAllBytes(s.rawFrom("a"));
      System.arraycopy(NEW, 0, content, AT, NEW.length);
      return content;
    }
  }

  @ParameterizedTest
  @EnumSource
  final void testCopy_ofOpenFile(Change change) throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Way way : Way.values()) {
      try (Sandbox s = sandbox();
          RawFile file = new RawFile(s.rawFrom("a"), SIZE)) {
        byte[] content = change.make(s, file);
        long bytes = way.copy(s.from("a"), s.to("b"));
        int differs = Arrays.mismatch(content, Files.readAllBytes(s.rawTo("b")));
        if (bytes != content.length || differs >= 0) {
          wrong.add(way + ": " + bytes + " bytes, of which " + differs + " are right");
        }
      }
    }
    assertEquals(List.of(), wrong);
  }
}
