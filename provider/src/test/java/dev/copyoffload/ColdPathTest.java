package dev.copyoffload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.EnvironmentTest.Way;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a new JVM loads because of us: each class costs the first copy, and every program that
 * copies once, some ten microseconds.
 *
 * <p>The bounds are what there is, on JDK 17 and 25: lower them whenever that becomes less.
 */
class ColdPathTest {
  /** Classes of ours, in a JVM that copies one file. */
  private static final int OURS_WITH_AGENT = 90;

  private static final int OURS_LEAN = 71;

  /**
   * Classes of the JDK that neither the same copy loads without us, nor a JVM that does not copy.
   */
  private static final int OF_THE_JDK_WITH_AGENT = 5;

  private static final int OF_THE_JDK_LEAN = 5;

  private static final Path BUILT =
      Path.of(System.getProperty("copyoffload.test.built", "nowhere"));

  private static final Pattern LOADED = Pattern.compile("(\\S+)[+/]0x\\p{XDigit}+|(\\S+)");
  private static final Pattern OURS =
      Pattern.compile("dev\\.copyoffload\\..*|.*\\.(Offload\\w+|CopyHook|TransferHook)");

  @TempDir private Path temporary;

  /** Copies a file to another, if there are two. */
  static final class Program {
    private Program() {}

    public static void main(String[] files) throws IOException {
      Path source = Path.of(files[0]);
      if (files.length > 1) {
        Files.copy(source, Path.of(files[1]));
      }
    }
  }

  /** Copies a file twice, by streams of both kinds. */
  static final class Looping {
    private Looping() {}

    public static void main(String[] files) throws IOException {
      try (InputStream in = new FileInputStream(files[0]);
          OutputStream out = new FileOutputStream(files[1])) {
        loop(in, out);
      }
      try (InputStream in = Files.newInputStream(Path.of(files[0]));
          OutputStream out = Files.newOutputStream(Path.of(files[1]))) {
        loop(in, out);
      }
    }

    private static void loop(InputStream in, OutputStream out) throws IOException {
      byte[] buffer = new byte[8192];
      int read;
      while ((read = in.read(buffer)) >= 0) {
        out.write(buffer, 0, read);
      }
    }
  }

  @Test
  void testAgent() throws Exception {
    assertLoads(Way.AGENT, OURS_WITH_AGENT, OF_THE_JDK_WITH_AGENT);
  }

  /** JDK 18 and later call a {@code premain} by method handles, which spin classes for 9 ms. */
  @Test
  void testAgent_spinsNoMoreClasses() throws Exception {
    Set<String> loaded = loaded(Program.class, Way.AGENT.flags(BUILT), temporary.resolve("a"));
    assertTrue(loaded.contains("dev.copyoffload.agent.Agent"), () -> "no agent: " + loaded);
    // The JVM itself spins one, when it resolves the module of agents.
    List<String> spun = logged("__JVM_LookupDefineClass__");
    assertTrue(spun.size() <= 1, spun::toString);
  }

  /** To redefine a class takes milliseconds: from 20 on the one that copies, and no other. */
  @Test
  void testAgent_redefinesWhatCopies() throws Exception {
    Path source = Files.write(temporary.resolve("a"), new byte[1]);
    loaded(Program.class, Way.AGENT.flags(BUILT), source);
    assertEquals(
        Runtime.version().feature() < 20 ? List.of() : List.of("sun.nio.fs.UnixFileSystem"),
        logged("RedefineClasses"));
  }

  /** Names of the classes that came from there. */
  private List<String> logged(String source) throws IOException {
    return Files.readAllLines(temporary.resolve("classes.log")).stream()
        .filter(line -> line.contains(source))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }

  @Test
  void testLean() throws Exception {
    assertLoads(Way.LEAN, OURS_LEAN, OF_THE_JDK_LEAN);
  }

  /** A loop over a small file takes less time than the classes of a transfer. */
  @ParameterizedTest
  @ValueSource(ints = {1_000_000, 1_100_000})
  void testLoop_takesWhatItIsWorth(int size) throws Exception {
    Path source = Files.write(temporary.resolve("a"), new byte[size]);
    Path target = temporary.resolve("b");
    Set<String> loaded = loaded(Looping.class, Way.AGENT.flags(BUILT), source, target);
    assertEquals(-1, Files.mismatch(source, target));
    assertEquals(size > 1 << 20, loaded.toString().contains("dev.copyoffload.engine."));
  }

  private void assertLoads(Way way, int mostOfOurs, int mostOfTheJdk) throws Exception {
    // So large that it is ours on any file system.
    Path source = Files.write(temporary.resolve("a"), new byte[3 << 20]);
    Path target = temporary.resolve("b");
    Set<String> stock = loaded(Program.class, List.of(), source, target);
    assertEquals(-1, Files.mismatch(source, target));
    Files.delete(target);
    Set<String> copying = loaded(Program.class, way.flags(BUILT), source, target);
    assertEquals(-1, Files.mismatch(source, target));

    Set<String> ours = matching(true, copying);
    assertTrue(ours.toString().contains("dev.copyoffload.file."), () -> "not copied: " + ours);
    assertAtMost(mostOfOurs, "of ours", ours);
    Set<String> more = matching(false, copying);
    more.removeAll(stock);
    more.removeAll(loaded(Program.class, way.flags(BUILT), source));
    assertAtMost(mostOfTheJdk, "of the JDK", more);
  }

  private static Set<String> matching(boolean wanted, Set<String> classes) {
    return classes.stream()
        .filter(name -> OURS.matcher(name).matches() == wanted)
        .filter(name -> !name.startsWith(ColdPathTest.class.getName()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void assertAtMost(int most, String what, Set<String> classes) {
    assertTrue(
        classes.size() <= most,
        () ->
            classes.size()
                + " classes "
                + what
                + ", not "
                + most
                + ":\n"
                + String.join("\n", classes));
  }

  /** Names of the classes that a JVM loads, hidden ones without their numbers. */
  private Set<String> loaded(Class<?> program, List<String> flags, Path... files) throws Exception {
    Path log = temporary.resolve("classes.log");
    List<String> command = new ArrayList<>(flags);
    command.add("-Xlog:class+load:file=" + log + ":none:filecount=0");
    command.addAll(List.of("-cp", Jvm.locationOf(program), program.getName()));
    for (Path file : files) {
      command.add(file.toString());
    }
    assertEquals(new Jvm(0, ""), Jvm.runJava(temporary.resolve("jvm"), command));
    Set<String> names = new TreeSet<>();
    for (String line : Files.readAllLines(log)) {
      int end = line.indexOf(" source: ");
      if (end >= 0) {
        var name = LOADED.matcher(line.substring(0, end));
        assertTrue(name.matches(), line);
        names.add(name.group(1) == null ? name.group(2) : name.group(1));
      }
    }
    return names;
  }
}
