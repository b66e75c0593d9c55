package dev.copyoffload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A program that copies in loops, and its libraries, without and with the agent, on file systems
 * that share extents: what can be seen is the same, and the plain copies share.
 */
class LoopTest {
  private static final String JAR = System.getProperty("copyoffload.test.agent", "no agent");

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

  @TempDir private Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"btrfs", "xfs"})
  void testLoops_sameAsStock(String fileSystem) throws Exception {
    assumeTrue(
        Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid")),
        "mounting needs root");
    Path dir = Files.createDirectory(temporary.toRealPath().resolve("d"));
    String classPath =
        String.join(
            File.pathSeparator,
            Jvm.locationOf(LoopProgram.class),
            Jvm.locationOf(org.apache.commons.io.IOUtils.class),
            Jvm.locationOf(com.google.common.io.ByteStreams.class),
            Jvm.locationOf(kotlin.io.ByteStreamsKt.class));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        List.of(
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            SCRIPT,
            dir.toString(),
            fileSystem,
            java.toString(),
            "-javaagent:" + JAR,
            classPath,
            // Woven classes are verified, the JDK's too.
            "-Xverify:all");
    Jvm jvm = Jvm.runCommand(dir, command);
    String stock = Files.readString(dir.resolve("stock"));
    assertTrue(stock.contains("interrupted channel 0"), stock);
    String ours = Files.readString(dir.resolve("ours"));
    assertEquals(stock, ours.replaceFirst("^.*warning.*Xverify.*\n", ""));
    assertEquals(new Jvm(0, ""), jvm);
  }
}
