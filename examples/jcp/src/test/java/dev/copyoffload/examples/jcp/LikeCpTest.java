package dev.copyoffload.examples.jcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What jcp makes of its arguments is what cp makes of them: files, messages and exit status. */
@SuppressWarnings("NullAway.Init") // JUnit injects the directory
final class LikeCpTest {
  @TempDir Path directory;

  private record Result(int status, String messages, Map<String, String> files) {}

  @BeforeAll
  static void requireCp() throws IOException, InterruptedException {
    String version = "";
    try {
      Process process = new ProcessBuilder("cp", "--version").redirectErrorStream(true).start();
      version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
    } catch (IOException missing) {
      version = missing.toString();
    }
    assumeTrue(version.contains("coreutils"), "GNU cp is missing: " + version);
  }

  /** Operands are names in a directory of the fixture; an empty one is empty. */
  private static List<String> inside(Path root, String arguments) {
    List<String> all = new ArrayList<>();
    for (String argument : arguments.split(" ", -1)) {
      boolean operand = !argument.startsWith("-") && !argument.isEmpty();
      all.add(operand ? root + "/" + argument : argument);
    }
    return all;
  }

  private Result cp(String arguments) throws IOException, InterruptedException {
    Path root = directory.resolve("cp");
    Fixture.create(root);
    List<String> command = new ArrayList<>(List.of("cp"));
    command.addAll(inside(root, arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    String messages =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            // As of coreutils 9; before, it did not say why.
            .replaceAll("(target '.*') is not a directory", "$1: Not a directory");
    return result(process.waitFor(), messages.replace("cp: ", ""), root, arguments);
  }

  private Result jcp(String arguments) throws IOException {
    Path root = directory.resolve("jcp");
    Fixture.create(root);
    StringWriter messages = new StringWriter();
    int status =
        Jcp.commandLine()
            .setErr(new PrintWriter(messages))
            .execute(inside(root, arguments).toArray(String[]::new));
    return result(status, messages.toString().replace("jcp: ", ""), root, arguments);
  }

  private static Result result(int status, String messages, Path root, String arguments)
      throws IOException {
    List<String> lines = new ArrayList<>(Arrays.asList(messages.split("\n")));
    lines.replaceAll(line -> line.replace(root + "/", "").replaceAll("Try 'j?cp", "Try 'cp"));
    // Several files in flight fail in any order.
    lines.sort(null);
    boolean times = arguments.contains("-p");
    return new Result(status, String.join("\n", lines), Fixture.describe(root, times));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a new",
        "a b",
        "large b",
        "empty new",
        "a into",
        "a into/",
        "a tree-link",
        "a b large into",
        "a tree/../into",
        "link new",
        "b link",
        "tree-link/x new",
        "program new",
        "-p program new",
        "-p program a into",
        "-r a new",
        "-r link new",
        "-r dangling new",
        "-r tree new",
        "-r tree/ new/",
        "-r tree into",
        "-r tree into/",
        "-r tree/. into",
        "-r tree/. new",
        "-r other/tree/.. into",
        "-r tree other",
        "-r tree a b other",
        "-r tree-link new",
        "-r tree-link/ new",
        "-R tree new",
        "--recursive -p tree new",
        "-rp tree new",
        "--sparse=always large new",
        "--sparse=never large new",
        "--reflink=auto large new",
        "--reflink=never -r tree new",
        "-- a new"
      })
  void testCopies(String arguments) throws IOException, InterruptedException {
    Result expected = cp(arguments);
    assertEquals(0, expected.status(), expected::messages);
    assertEquals(expected, jcp(arguments));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing new",
        "missing/x new",
        "a/x new",
        "a/ new",
        "dangling new",
        " new",
        "a ",
        "a b ",
        "a new/",
        "a b/",
        "a dangling",
        "a no/such",
        "tree new",
        "tree into",
        "-r tree no/such",
        "-r tree a",
        "-r tree dangling",
        "-r missing new",
        "a b new",
        "a b large",
        "a missing b into",
        "tree a into",
        "a other/a into",
        "a a",
        "a link",
        "link a",
        "-r link a",
        "a ./a",
        "a .",
        "-r tree/. tree",
        "-r tree/. tree-link",
        "a blocked",
        "-r tree a blocked",
        "--reflink=always --sparse=never a new",
      })
  void testRefuses(String arguments) throws IOException, InterruptedException {
    Result expected = cp(arguments);
    assertEquals(1, expected.status(), expected::messages);
    assertEquals(expected, jcp(arguments));
  }

  /** Of a tree that is copied into itself cp leaves the beginnings. */
  @ParameterizedTest
  @ValueSource(strings = {"-r tree tree", "-r tree tree/none", "-r tree tree-link", "-r . into"})
  void testIntoItself(String arguments) throws IOException, InterruptedException {
    Result expected = cp(arguments);
    Result found = jcp(arguments);
    assertEquals(expected.messages(), found.messages());
    assertEquals(1, found.status());
    Path untouched = directory.resolve("untouched");
    Fixture.create(untouched);
    assertEquals(Fixture.describe(untouched, false), found.files());
  }

  @Test
  void testReplacedFileIsNew() throws IOException, InterruptedException {
    assertEquals(cp("--remove-destination program a"), jcp("program a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-r", "-r a", "a"})
  void testMissingOperands(String arguments) throws IOException, InterruptedException {
    assertEquals(cp(arguments), jcp(arguments));
  }
}
