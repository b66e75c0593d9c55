package dev.copyoffload.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Somebody who may write where the stub's file is made, and who knows its name before it is there:
 * what is loaded is ours all the same.
 */
class PlaceTest {
  private static final String PROPERTY = "copyoffload.tmpdir";
  private static final byte[] OURS = "ours".getBytes(US_ASCII);
  private static final byte[] EVIL = "evil".getBytes(US_ASCII);
  private static final int TRAPS = 3;

  @TempDir private Path temporary;

  private Path directory;
  private Path evil;

  /** What is there already. */
  private enum Trap {
    FILE {
      @Override
      void set(Path at, Path evil) throws IOException {
        Files.write(at, EVIL);
        Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rwxrwxrwx"));
      }
    },
    LINK {
      @Override
      void set(Path at, Path evil) throws IOException {
        Files.createSymbolicLink(at, evil);
      }
    },
    LINK_TO_NOTHING {
      @Override
      void set(Path at, Path evil) throws IOException {
        Files.createSymbolicLink(at, evil.resolveSibling("later"));
      }
    },
    HARD_LINK {
      @Override
      void set(Path at, Path evil) throws IOException {
        Files.createLink(at, evil);
      }
    },
    DIRECTORY {
      @Override
      void set(Path at, Path evil) throws IOException {
        Files.createDirectory(at);
      }
    };

    abstract void set(Path at, Path evil) throws IOException;
  }

  /** A place with an attacker in it. */
  private final class Attacked extends Place {
    private final Place place;
    private final Trap trap;
    private final List<Path> traps = new ArrayList<>();
    private final List<byte[]> loaded = new ArrayList<>();

    Attacked(Place place, Trap trap) {
      this.place = place;
      this.trap = trap;
    }

    @Override
    long ownerAndMode(String directory) {
      return place.ownerAndMode(directory);
    }

    @Override
    boolean create(String file, byte[] content) {
      Path at = Path.of(file);
      if (traps.size() < TRAPS && at.startsWith(directory)) {
        try {
          trap.set(at, evil);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        traps.add(at);
      }
      return place.create(file, content);
    }

    @Override
    void delete(String file) {
      place.delete(file);
    }

    /** The attacker writes once more to what is theirs, and the JVM reads what it loads. */
    @Override
    void load(String file) {
      Path at = Path.of(file);
      try {
        if (traps.contains(at) && !Files.isDirectory(at)) {
          Files.write(at, EVIL);
        }
        assertEquals(
            PosixFilePermissions.fromString("rw-------"),
            Files.getPosixFilePermissions(at, LinkOption.NOFOLLOW_LINKS));
        loaded.add(Files.readAllBytes(at));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeEach
  void setUp() throws IOException {
    directory = Files.createDirectory(temporary.toRealPath().resolve("shared"));
    Files.setAttribute(directory, "unix:mode", 01777);
    evil = Files.write(Files.createDirectory(temporary.resolve("theirs")).resolve("evil"), EVIL);
    System.setProperty(PROPERTY, directory.toString());
  }

  @AfterEach
  void reset() {
    System.clearProperty(PROPERTY);
  }

  static Stream<Arguments> attacks() {
    return Stream.of(Trap.values())
        .flatMap(trap -> Stream.of(true, false).map(within -> Arguments.of(trap, within)));
  }

  @ParameterizedTest(name = "{0}, within java.base: {1}")
  @MethodSource("attacks")
  void testLoad_attackerKnowsTheName(Trap trap, boolean within) throws IOException {
    if (within) {
      NativeCode.require();
      assumeTrue(JavaBase.isEntered(), "no class of ours is in java.base");
    }
    Attacked place =
        new Attacked(within ? new Place() : new PublicPlace(FileSystems.getDefault()), trap);
    assertNull(place.loadStub(OURS));
    assertEquals(1, place.loaded.size());
    assertArrayEquals(OURS, place.loaded.get(0));
    // Nothing of somebody else's was written or removed, and ours is gone.
    assertArrayEquals(EVIL, Files.readAllBytes(evil));
    assertTrue(Files.notExists(evil.resolveSibling("later")));
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(place.traps.stream().sorted().toList(), left.sorted().toList());
    }
    for (Path set : place.traps) {
      if (Files.isRegularFile(set)) {
        assertArrayEquals(EVIL, Files.readAllBytes(set));
      }
    }
  }

  /** A default ACL takes the place of the umask. */
  @Test
  void testCreate_whereOthersWouldWrite() throws Exception {
    Process setfacl =
        new ProcessBuilder("sh", "-c", "setfacl -d -m u:65534:rw \"$0\"", directory.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assumeTrue(setfacl.waitFor() == 0, "no setfacl, or no ACL here");
    Path file = directory.resolve("stub");
    PublicPlace place = new PublicPlace(FileSystems.getDefault());
    assertTrue(place.create(file.toString(), OURS));
    assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
    assertArrayEquals(OURS, Files.readAllBytes(file));
  }
}
