package dev.copyoffload.examples.jcp;

import static dev.copyoffload.OffloadCopyOption.ATOMIC_TARGET;
import static dev.copyoffload.OffloadCopyOption.DEDUPE;
import static dev.copyoffload.OffloadCopyOption.NO_REFLINK;
import static dev.copyoffload.OffloadCopyOption.REFLINK;
import static dev.copyoffload.OffloadCopyOption.SPARSE_ALWAYS;
import static dev.copyoffload.OffloadCopyOption.SPARSE_NEVER;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What jcp does that cp does not, or not in the same words. */
@SuppressWarnings("NullAway.Init") // JUnit injects the directory
final class JcpTest {
  @TempDir Path directory;

  private final StringWriter messages = new StringWriter();

  private int jcp(Object... arguments) {
    List<String> all = new ArrayList<>();
    for (Object argument : arguments) {
      all.add(argument.toString());
    }
    return Jcp.commandLine().setErr(new PrintWriter(messages)).execute(all.toArray(String[]::new));
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  static List<Arguments> options() {
    return List.of(
        Arguments.of("", List.of(REPLACE_EXISTING)),
        Arguments.of("--reflink=auto --sparse=auto", List.of(REPLACE_EXISTING)),
        Arguments.of("-p", List.of(REPLACE_EXISTING, COPY_ATTRIBUTES)),
        Arguments.of("--atomic", List.of(REPLACE_EXISTING, ATOMIC_TARGET)),
        Arguments.of("--reflink=always", List.of(REPLACE_EXISTING, REFLINK)),
        Arguments.of("--reflink=never", List.of(REPLACE_EXISTING, NO_REFLINK)),
        Arguments.of("--sparse=always", List.of(REPLACE_EXISTING, SPARSE_ALWAYS)),
        Arguments.of(
            "--atomic --reflink never --sparse NEVER",
            List.of(REPLACE_EXISTING, ATOMIC_TARGET, NO_REFLINK, SPARSE_NEVER)),
        Arguments.of("--dedupe --progress", List.of(DEDUPE)));
  }

  @ParameterizedTest
  @MethodSource("options")
  void testOptions(String arguments, List<CopyOption> expected) {
    Jcp jcp = new Jcp();
    Jcp.commandLine(jcp).parseArgs((arguments + " a b").trim().split(" "));
    assertEquals(expected, jcp.options());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--reflink=sometimes a b",
        "--sparse= a b",
        "--nonsense a b",
        "--dedupe -r a b",
        "--dedupe --atomic a b",
        "--dedupe --reflink=always a b"
      })
  void testWrongArguments(String arguments) {
    assertEquals(1, jcp((Object[]) arguments.split(" ")));
    String said = messages.toString();
    assertTrue(said.startsWith("jcp: "), said);
    assertTrue(said.endsWith("\nTry 'jcp --help' for more information.\n"), said);
  }

  @Test
  void testDedupe_differs() throws IOException {
    Path a = write("a", "one");
    Path b = write("b", "three");
    assertEquals(1, jcp("--dedupe", a, b));
    String said = messages.toString();
    assertTrue(said.startsWith("jcp: failed to share '" + b + "' with '" + a + "': "), said);
    assertEquals("three", Files.readString(b));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void testReflink_unlessRefusedShares() throws IOException {
    Path a = write("a", "x".repeat(100_000));
    Path b = write("b", "old");
    int status = jcp("--reflink=always", a, b);
    // The temporary directory may be anywhere.
    if (status == 0) {
      assertEquals(-1, Files.mismatch(a, b));
    } else {
      String said = messages.toString();
      assertTrue(said.startsWith("jcp: failed to clone '" + b + "' from '" + a + "': ioctl"), said);
      assertEquals("old", Files.readString(b));
    }
  }

  @Test
  void testHardLinksAreKept() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Files.createLink(tree.resolve("second"), write("tree/first", "content"));
    Path copy = directory.resolve("copy");
    assertEquals(0, jcp("-r", tree, copy), messages::toString);
    assertTrue(Files.isSameFile(copy.resolve("first"), copy.resolve("second")));
  }

  @Test
  void testDeviceIsRead() throws IOException {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device), "no /dev/null");
    Path file = write("file", "content");
    assertEquals(1, jcp("--atomic", device, file));
    assertEquals("content", Files.readString(file));
    assertEquals(0, jcp(device, file));
    assertTrue(Files.isRegularFile(file));
    assertEquals(0, Files.size(file));
  }

  private static String program(int status, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Jcp.class.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(status, process.waitFor(), said);
    return said;
  }

  @Test
  void testProgram() throws IOException, InterruptedException {
    Path a = write("a", "content");
    Path missing = directory.resolve("missing");
    Path b = Files.createDirectory(directory.resolve("b"));
    String said = program(1, "--progress", a, missing, b);
    assertEquals("content", Files.readString(b.resolve("a")));
    assertTrue(said.contains("100%"), said);
    assertTrue(said.contains("jcp: cannot stat '" + missing + "'"), said);
  }

  @Test
  void testPipeIsWritten() throws IOException, InterruptedException {
    Path standardOutput = Path.of("/proc/self/fd/1");
    assumeTrue(Files.exists(standardOutput), "no /proc");
    String said = program(0, write("a", "content"), standardOutput);
    assertTrue(said.contains("content"), said);
  }
}
