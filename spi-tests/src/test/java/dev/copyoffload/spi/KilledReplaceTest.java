package dev.copyoffload.spi;

import static dev.copyoffload.OffloadCopyOption.ATOMIC_TARGET;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.CopyOffload;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A process killed at any moment leaves the old target or the new one, whole. */
@ExtendWith(VolumesParameter.class)
final class KilledReplaceTest {
  private static final int SIZE = 64 << 20;
  private static final int KILLS = Integer.getInteger("copyoffload.test.kills", 10);

  /** The process that is killed: replaces the target by one of two files, and then the other. */
  static final class Replacing {
    private Replacing() {}

    public static void main(String[] arguments) throws IOException {
      for (long round = 0; true; round++) {
        Path source = Path.of(arguments[(int) (round % 2)]);
        CopyOffload.copy(source, Path.of(arguments[2]), ATOMIC_TARGET, REPLACE_EXISTING);
        System.out.write('.');
        System.out.flush();
      }
    }
  }

  @Test
  void testKilled(Volumes volumes) throws Exception {
    NativeCode.require();
    String wanted = System.getProperty("copyoffload.test.volume", "ext4");
    Volume volume =
        volumes.all().stream()
            .filter(each -> each.name().equals(wanted) && each.missing() == null)
            .findFirst()
            .orElse(volumes.all().get(0));
    long seed = Long.getLong("copyoffload.test.seed", System.nanoTime());
    Random random = new Random(seed);
    Path directory = Files.createTempDirectory(volume.root(), "killed");
    int second = 0;
    int named = 0;
    try {
      Path[] sources = {directory.resolve("first"), directory.resolve("second")};
      for (Path source : sources) {
        byte[] bytes = new byte[SIZE];
        random.nextBytes(bytes);
        Files.write(source, bytes);
      }
      Path target = directory.resolve("target");
      for (int kill = 0; kill < KILLS; kill++) {
        killOnce(sources, target, random);
        String what = "seed " + seed + ", kill " + kill;
        boolean isSecond = Files.mismatch(sources[1], target) == -1;
        assertTrue(isSecond || Files.mismatch(sources[0], target) == -1, what);
        second += isSecond ? 1 : 0;
        named += removeComplete(directory, sources, what);
      }
    } finally {
      TreeDeletion.of(directory);
    }
    System.out.println(
        KILLS
            + " kills on "
            + volume.name()
            + ": "
            + second
            + " left the second file, "
            + named
            + " a second name");
  }

  private static void killOnce(Path[] sources, Path target, Random random) throws Exception {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-Dcopyoffload.disable=ficlone",
                "-cp",
                System.getProperty("java.class.path"),
                Replacing.class.getName(),
                sources[0].toString(),
                sources[1].toString(),
                target.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (InputStream out = process.getInputStream()) {
      // Beginning with the third copy, by when it is known how long one takes.
      assertEquals('.', out.read());
      long began = System.nanoTime();
      assertEquals('.', out.read());
      long copy = System.nanoTime() - began;
      long moment = System.nanoTime() + (long) (random.nextDouble() * 2 * copy);
      while (System.nanoTime() < moment) {
        Thread.onSpinWait();
      }
    } finally {
      process.destroyForcibly();
    }
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(128 + 9, process.exitValue(), "killed, not ended by itself");
  }

  /**
   * Between its link and its rename a complete file has a second name; nothing else may be left.
   */
  private static int removeComplete(Path directory, Path[] sources, String what)
      throws IOException {
    List<Path> left;
    try (var names = Files.list(directory)) {
      left =
          names.filter(name -> name.getFileName().toString().startsWith(".copyoffload-")).toList();
    }
    for (Path file : left) {
      assertTrue(
          Files.mismatch(sources[0], file) == -1 || Files.mismatch(sources[1], file) == -1,
          what + ": " + file + " of " + Files.size(file) + " bytes");
      Files.delete(file);
    }
    return left.size();
  }
}
