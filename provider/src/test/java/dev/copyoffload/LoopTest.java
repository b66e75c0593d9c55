package dev.copyoffload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A program that copies in loops, and its libraries, without and with the agent, on file systems
 * that share extents: what can be seen is the same, and the plain copies share.
 */
class LoopTest {
  private static final String JAR = System.getProperty("copyoffload.test.agent", "no agent");

  private static final List<String> IN_A_NAMESPACE =
      List.of("unshare", "--mount", "--propagation", "private", "sh", "-c");

  private static final String SCRIPT =
      """
      set -e
      cd "$0"
      mkdir full disk
      mount -t tmpfs -o size=1m loop-test full
      truncate -s 400M image
      mkfs.$1 -q image >/dev/null 2>&1
      mount -o loop image disk
      mkdir disk/stock disk/ours
      java=$2 agent=$3 path=$4
      "$java" -cp "$path" dev.copyoffload.LoopProgram disk/stock full >stock 2>&1
      "$java" $5 "$agent" -cp "$path" dev.copyoffload.LoopProgram disk/ours full >ours 2>&1
      cd disk/ours
      for file in plain-*; do
        cmp source $file
        filefrag -v $file | grep -q shared || echo $file is not shared
      done
      """;

  private static final String FIRST_SCRIPT =
      """
      set -e
      cd "$0"
      java=$1 agent=$2 path=$3
      mkdir disk
      truncate -s 400M image
      mkfs.btrfs -q image >/dev/null 2>&1
      mount -o loop image disk
      head -c 1200001 /dev/urandom >disk/source
      sync -f disk
      cd disk
      shift 3
      for kind; do
        "$java" "$agent" -cp "$path" 'dev.copyoffload.LoopTest$First' $kind
        cmp source $kind
        filefrag -v $kind | grep -q shared || echo $kind is not shared
      done
      """;

  @TempDir private Path temporary;

  /** Has the JDK transfer a stream, as the first thing of a JVM. */
  static final class First {
    private First() {}

    public static void main(String[] kind) throws IOException {
      Path source = Path.of("source");
      Path target = Path.of(kind[0]);
      switch (kind[0]) {
        case "copy" -> Files.copy(source, target);
        case "in" -> FirstIn.copy(target);
        case "out" -> FirstOut.copy(source, kind[0]);
        case "to-file" ->
            transfer(Files.newInputStream(source), new FileOutputStream(target.toFile()));
        case "to-stream" -> transfer(new FileInputStream("source"), Files.newOutputStream(target));
        case "between-files" ->
            transfer(new FileInputStream("source"), new FileOutputStream(kind[0]));
        default ->
            transfer(
                new FileInputStream("source"),
                new BufferedOutputStream(new FileOutputStream(kind[0])));
      }
    }

    private static void transfer(InputStream source, OutputStream target) throws IOException {
      try (InputStream in = source;
          OutputStream out = target) {
        in.transferTo(out);
      }
    }
  }

  /** A class that transfers streams in no other way. */
  private static final class FirstIn {
    private FirstIn() {}

    static void copy(Path target) throws IOException {
      try (InputStream in = new FileInputStream("source")) {
        Files.copy(in, target);
      }
    }
  }

  /** The same the other way. */
  private static final class FirstOut {
    private FirstOut() {}

    static void copy(Path source, String target) throws IOException {
      try (OutputStream out = new FileOutputStream(target)) {
        Files.copy(source, out);
      }
    }
  }

  /** Classes of the JDK that were there before us are made to ask in time. */
  @Test
  void testFirst_isShared() throws Exception {
    assumeRoot();
    Path dir = Files.createDirectory(temporary.toRealPath().resolve("d"));
    List<String> command = new ArrayList<>(IN_A_NAMESPACE);
    command.addAll(
        List.of(
            FIRST_SCRIPT,
            dir.toString(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-javaagent:" + JAR,
            Jvm.locationOf(LoopTest.class)));
    command.addAll(List.of("copy", "in", "out", "to-file", "to-stream", "between-files", "last"));
    assertEquals(new Jvm(0, ""), Jvm.runCommand(dir, command));
  }

  private static void assumeRoot() throws IOException {
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
        "mounting needs root");
  }

  @ParameterizedTest
  @ValueSource(strings = {"btrfs", "xfs"})
  void testLoops_sameAsStock(String fileSystem) throws Exception {
    assumeRoot();
    Path dir = Files.createDirectory(temporary.toRealPath().resolve("d"));
    String classPath =
        String.join(
            File.pathSeparator,
            Jvm.locationOf(LoopProgram.class),
            Jvm.locationOf(org.apache.commons.io.IOUtils.class),
            Jvm.locationOf(com.google.common.io.ByteStreams.class),
            Jvm.locationOf(kotlin.io.ByteStreamsKt.class));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>(IN_A_NAMESPACE);
    command.addAll(
        List.of(
            SCRIPT,
            dir.toString(),
            fileSystem,
            java.toString(),
            "-javaagent:" + JAR,
            classPath,
            // Woven classes are verified, the JDK's too.
            "-Xverify:all"));
    Jvm jvm = Jvm.runCommand(dir, command);
    String stock = Files.readString(dir.resolve("stock"));
    assertTrue(stock.contains("interrupted channel 0"), stock);
    String ours = Files.readString(dir.resolve("ours"));
    assertEquals(stock, ours.replaceFirst("^.*warning.*Xverify.*\n", ""));
    assertEquals(new Jvm(0, ""), jvm);
  }
}
