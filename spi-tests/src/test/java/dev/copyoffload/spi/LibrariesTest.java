package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.copyoffload.CopyOffload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Programs with libraries that know the JDK's channels well, in JVMs of their own: with a provider
 * installed they print what they print without.
 */
@ExtendWith(VolumesParameter.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LibrariesTest {
  private static final String PROPERTY =
      "-Djava.nio.file.spi.DefaultFileSystemProvider=dev.copyoffload.OffloadFileSystemProvider";
  private static final String OPEN = "--add-opens=java.base/sun.nio.fs=ALL-UNNAMED";
  private static final String AGENT_FLAG =
      "-javaagent:" + System.getProperty("copyoffload.test.agent");

  private static final int SIZE = (7 << 20) + 4_321;
  private static final int[][] REGIONS = {{0, SIZE}, {1_000_003, 5_000_001}, {SIZE - 77, 77}};

  /** How a provider is installed. */
  enum Way {
    STOCK("sun.nio.fs.LinuxFileSystemProvider", false),
    WRAPPING("dev.copyoffload.OffloadFileSystemProvider", true),
    TRANSPARENT("sun.nio.fs.OffloadLinuxFileSystemProvider", true),
    AGENT("sun.nio.fs.LinuxFileSystemProvider", false);

    private final String provider;
    private final boolean opensItsChannels;

    Way(String provider, boolean opensItsChannels) {
      this.provider = provider;
      this.opensItsChannels = opensItsChannels;
    }

    private List<String> flags() {
      return switch (this) {
        case STOCK -> List.of();
        case WRAPPING -> List.of(PROPERTY);
        case TRANSPARENT -> List.of(PROPERTY, OPEN);
        case AGENT -> List.of(AGENT_FLAG);
      };
    }

    /** What the first line of a program says. */
    String announced() {
      String channels =
          opensItsChannels && Runtime.version().feature() < 20
              ? "sun.nio.ch.OffloadFileChannel"
              : "sun.nio.ch.FileChannelImpl";
      return "provider " + provider + ", channels " + channels + "\n";
    }

    /** The JVM; the class path under the agent is that of a program without us. */
    ChildJvm jvm() {
      // A crash is to be told, and to leave nothing in the working directory; the rest is for
      // speed.
      ChildJvm jvm = new ChildJvm();
      jvm.flag("-XX:+ErrorFileToStderr").flag("-XX:-CreateCoredumpOnCrash");
      jvm.flag("-XX:TieredStopAtLevel=1").flag("-XX:+UseSerialGC");
      if (Runtime.version().feature() >= 24) {
        // Else the JVM speaks of native code and of the libraries' own habits.
        jvm.flag("--enable-native-access=ALL-UNNAMED")
            .flag("--sun-misc-unsafe-memory-access=allow");
      }
      for (String flag : flags()) {
        jvm.flag(flag);
      }
      return this == AGENT ? jvm.without(CopyOffload.class, com.sun.jna.Native.class) : jvm;
    }
  }

  private @Nullable String indexOfStock;

  @ParameterizedTest
  @EnumSource
  void testLucene_writesMergesAndSearches(Way way, Volumes volumes) throws IOException {
    String index = lucene(way, volumes);
    for (String stage : List.of("uncommitted", "merged", "added", "copied", "saved")) {
      assertEquals(2, count(index, LuceneIndex.hits(stage, 540, 43, 90)), index);
    }
    assertEquals(2 * 5, count(index, " is clean"), index);
    assertEquals(2, count(index, "\nlocked\n"), index);
    if (indexOfStock == null) {
      indexOfStock = way == Way.STOCK ? index : lucene(Way.STOCK, volumes);
    }
    assertEquals(indexOfStock, index);
  }

  @ParameterizedTest
  @EnumSource
  void testNetty_servesRegionsByNio(Way way, Volumes volumes) throws IOException {
    assertServes("nio", way, volumes);
  }

  @ParameterizedTest
  @EnumSource
  void testNetty_servesRegionsByEpoll(Way way, Volumes volumes) throws IOException {
    assumeTrue(
        System.getProperty("os.arch").equals("amd64"), "Netty's library is that of x86-64 only");
    assertServes("epoll", way, volumes);
  }

  private static String lucene(Way way, Volumes volumes) throws IOException {
    try (Sandbox s = sandbox(volumes)) {
      // The names of segments are random, unless tests give a seed.
      return announced(way, way.jvm().flag("-Dtests.seed=1").run(LuceneIndex.class, s.rawTo("")));
    }
  }

  private static void assertServes(String transport, Way way, Volumes volumes) throws IOException {
    List<Object> arguments = new ArrayList<>();
    StringBuilder expected = new StringBuilder();
    try (Sandbox s = sandbox(volumes).file("a", SIZE)) {
      arguments.add(transport);
      arguments.add(s.rawFrom("a"));
      byte[] contents = Files.readAllBytes(s.rawFrom("a"));
      for (int[] region : REGIONS) {
        arguments.add(region[0]);
        arguments.add(region[1]);
        String digest =
            ProgramStart.digest(new ByteArrayInputStream(contents, region[0], region[1]));
        for (RegionServer.Opened opened : RegionServer.Opened.values()) {
          expected.append(RegionServer.line(opened, region[0], region[1], digest)).append('\n');
        }
      }
      String served = way.jvm().run(RegionServer.class, arguments.toArray());
      assertEquals(expected.toString(), announced(way, served));
    }
  }

  /** Checks that the program ran the way it should have, and returns what else it printed. */
  private static String announced(Way way, String output) {
    assertTrue(output.startsWith(way.announced()), output);
    return output.substring(way.announced().length());
  }

  private static int count(String text, String part) {
    return text.split(Pattern.quote(part), -1).length - 1;
  }

  /** Where extents can be shared, if such a file system is there. */
  private static Sandbox sandbox(Volumes volumes) throws IOException {
    List<Volume> there = volumes.all().stream().filter(volume -> volume.missing() == null).toList();
    Volume volume =
        there.stream().filter(one -> one.name().equals("btrfs")).findAny().orElse(there.get(0));
    return Sandbox.create(new Route(volume, volume), UnaryOperator.identity());
  }
}
