package dev.copyoffload.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.copyoffload.linux.NativeCode;
import java.io.File;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies whose circumstances take a process of their own, or are seen only from another one. */
class CopyProgramTest {
  private static final CopyPolicy PLAIN = new CopyPolicy(false, false, true, false);
  private static final CopyPolicy REPLACING = new CopyPolicy(true, false, true, false);

  @TempDir Path temporary;

  private String run(CopyProgram program, Path argument, String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of(flags));
    List<String> classPath = new ArrayList<>();
    for (Class<?> type :
        List.of(
            CopyProgram.class,
            FileCopies.class,
            Class.forName("com.sun.jna.Native", false, CopyProgramTest.class.getClassLoader()))) {
      classPath.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
    command.addAll(
        List.of(CopyProgram.class.getName(), program.name(), argument.toRealPath().toString()));
    Path log = temporary.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory((Files.isDirectory(argument) ? argument : temporary).toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        throw new AssertionError(command + " does not end");
      }
      String output = Files.readString(log, UTF_8);
      assertEquals(0, process.exitValue(), output);
      // The JVM prints warnings of its own.
      return output.replaceAll("(?m)^([^>\n].*)?\n", "");
    } finally {
      process.destroyForcibly();
    }
  }

  private boolean isHeld(Path file) throws Exception {
    return run(CopyProgram.LOCKS, file).equals("> held\n");
  }

  /** Closing any descriptor of a file drops every POSIX lock that the process holds on it. */
  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-------", "-w-------"})
  void testRefusedCopy_keepsLocks(String permissions) throws Exception {
    FileCopy files = new FileCopy(NativeCode.require());
    Path source = Files.write(temporary.resolve("source"), new byte[5000]);
    Path target = Files.write(temporary.resolve("target"), new byte[5000]);
    Path link = Files.createLink(temporary.resolve("link"), source);
    Path directory = Files.createDirectory(temporary.resolve("directory"));
    try (FileChannel from = FileChannel.open(source, StandardOpenOption.WRITE);
        FileChannel to = FileChannel.open(target, StandardOpenOption.WRITE)) {
      from.lock();
      to.lock();
      Files.setPosixFilePermissions(source, PosixFilePermissions.fromString(permissions));

      assertFalse(ByPath.copy(files, source, target, PLAIN));
      assertFalse(ByPath.copy(files, source, directory, PLAIN));
      assertFalse(ByPath.copy(files, source, directory, REPLACING));
      assertFalse(ByPath.copy(files, source, link, PLAIN));
      assertFalse(ByPath.copy(files, source, link, REPLACING));
      if (!permissions.startsWith("-")) {
        // Else the source is opened first, as in the JDK.
        assertFalse(ByPath.copy(files, source, directory.resolve("none/target"), PLAIN));
      }

      assertEquals("source held: true", "source held: " + isHeld(source));
      assertEquals("target held: true", "target held: " + isHeld(target));
      Files.readAllBytes(target);
      assertEquals("target held: false", "target held: " + isHeld(target));
    }
  }

  @Test
  void testCopy_withoutDirectMemory() throws Exception {
    NativeCode.require();
    assertEquals(
        """
        > first 4096 true true
        > first 300000 true true
        > 1048576 bytes used, 1024 KiB by the program
        """,
        run(CopyProgram.NO_DIRECT_MEMORY, temporary, "-XX:MaxDirectMemorySize=1m"));
  }

  /** Then nothing is left but a buffer, and the JDK copies. */
  @Test
  void testCopy_withoutDirectMemoryOrSplice() throws Exception {
    NativeCode.require();
    assertEquals(
        """
        > first 4096 false true
        > first 300000 false true
        > 1048576 bytes used, 1024 KiB by the program
        """,
        run(
            CopyProgram.NO_DIRECT_MEMORY,
            temporary,
            "-XX:MaxDirectMemorySize=1m",
            "-Dcopyoffload.disable=ficlone,splice,sendfile"));
  }

  @Test
  void testCopy_withoutMoreDirectMemory() throws Exception {
    NativeCode.require();
    assertEquals(
        """
        > first 4096 true true
        > first 300000 true true
        > second 4096 true true
        > second 300000 true true
        > false
        > 1048576 bytes used, 764 KiB by the program
        """,
        run(CopyProgram.NO_MORE_DIRECT_MEMORY, temporary, "-XX:MaxDirectMemorySize=1m"));
  }

  @Test
  void testRelativePath_inRenamedDirectory() throws Exception {
    NativeCode.require();
    Path directory = Files.createDirectory(temporary.resolve("directory"));
    assertEquals("> true\n> true\n> -1\n> false\n", run(CopyProgram.RENAMED_DIRECTORY, directory));
  }

  /** A copy must not fail for that, nor try again each time. */
  @Test
  void testNativeCode_threadCannotBeStarted() throws Exception {
    NativeCode.require();
    String output = run(CopyProgram.NO_THREAD, temporary, "-Xss256m", "-Dcopyoffload.disable=stub");
    assumeFalse(output.equals("> no limit\n"), "prlimit(1), and a JVM that heeds it");
    assertEquals(
        List.of("> false", "> -1", "> true java.lang.OutOfMemoryError", "> false"),
        output.lines().map(line -> line.replaceAll("(OutOfMemoryError).*", "$1")).toList());
  }
}
