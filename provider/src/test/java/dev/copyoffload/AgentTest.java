package dev.copyoffload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs run as they are, without and with the agent; its jar is the one that was just built.
 *
 * <p>What they print is compared with all that goes to standard error.
 */
class AgentTest {
  private static final String JAR = System.getProperty("copyoffload.test.agent", "no agent");
  private static final String FLAG = "-javaagent:" + JAR;

  /** The same without a flag that has the JVM resolve its modules anew. */
  private static final String LIBRARY = "-agentlib:instrument=" + JAR;

  private static final String PROVIDER = "-Djava.nio.file.spi.DefaultFileSystemProvider=";
  private static final String STOCK =
      "> sun.nio.fs.UnixPath\n> sun.nio.fs.LinuxFileSystemProvider\n> true\n";

  @TempDir private Path temporary;

  private Path dir() throws Exception {
    return Files.createTempDirectory(temporary, "d");
  }

  private Jvm defaultProvider(String... flags) throws Exception {
    return Jvm.runAlone(dir(), JvmProbe.DEFAULT_PROVIDER, flags);
  }

  /** Paths and provider are the JDK's own, and each of three copies is ours. */
  private void assertOffloads(String... flags) throws Exception {
    assertEquals(STOCK, defaultProvider(flags).output());
    Jvm copying = Jvm.runAlone(dir(), JvmProbe.COPY_WITH_NATIVE_CODE, flags);
    assertEquals(new Jvm(0, "> true\n> 3\n"), copying);
  }

  @ParameterizedTest
  @EnumSource(
      value = JvmProbe.class,
      mode = EnumSource.Mode.MATCH_NONE,
      names = {
        "COPY_WITH_NATIVE_CODE",
        "DEEP_CLASSES",
        "DEFAULT_PROVIDER",
        ".*FIRST_.*",
        "FRAMES",
        "MANY_.*",
        "MOCK",
        "PROGRAM",
        "RAW_NAMES",
        "REFUSED",
        "REFUSED_CALLS"
      })
  void testSameAsStock(JvmProbe probe) throws Exception {
    Jvm stock = Jvm.runAlone(dir(), probe);
    assertEquals(0, stock.exitCode(), stock::output);
    assertTrue(stock.output().contains("> "), stock::output);
    assertEquals(stock, Jvm.runAlone(dir(), probe, FLAG));
    assertEquals(stock, Jvm.runAlone(dir(), probe, LIBRARY));
  }

  @Test
  void testInstalls() throws Exception {
    assertOffloads(FLAG);
    assertOffloads(LIBRARY);
    assertOffloads(LIBRARY, FLAG);
    assertEquals(defaultProvider(), defaultProvider(LIBRARY + "=enabled=false"));
  }

  private boolean leavesSmallOnes() throws Exception {
    return Runtime.version().feature() < 20 && Jvm.isOnBlockDevice(temporary);
  }

  @Test
  void testSmallFirstCopies_withoutBlockDevice() throws Exception {
    Path memory = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(memory), "no file system in memory");
    Path dir = Files.createTempDirectory(memory, "copyoffload");
    try {
      assertEquals(
          new Jvm(0, "> 0, 2\n> 0, 3\n"), Jvm.runAlone(dir, JvmProbe.SMALL_FIRST_COPIES, FLAG));
    } finally {
      try (var files = Files.list(dir)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(dir);
    }
  }

  /** Where the JDK can ask again, classes of ours wait for a file that is worth them. */
  @ParameterizedTest
  @ValueSource(strings = {"", "=loops=off"})
  void testSmallFirstCopies_areTheJdks(String arguments) throws Exception {
    boolean left = leavesSmallOnes();
    assertEquals(
        new Jvm(0, left ? "> 2, 0\n> 2, 1\n" : "> 0, 2\n> 0, 3\n"),
        Jvm.runAlone(dir(), JvmProbe.SMALL_FIRST_COPIES, FLAG + arguments));
  }

  /** Where nothing can be shared, so do copies of large files. */
  @Test
  void testPlainFirstCopies_areTheJdks() throws Exception {
    boolean left =
        Jvm.isOnBlockDevice(temporary) && Files.getFileStore(temporary).type().startsWith("ext");
    assertEquals(
        new Jvm(0, left ? "> 64, 0\n> 64, 1\n" : "> 0, 64\n> 0, 65\n"),
        Jvm.runAlone(dir(), JvmProbe.PLAIN_FIRST_COPIES, FLAG));
    assertEquals(new Jvm(0, "> 0, 1\n"), Jvm.runAlone(dir(), JvmProbe.LARGE_FIRST_COPY, FLAG));
  }

  /** An option that the JDK would refuse, as the first thing of a JVM. */
  @Test
  void testFirstCopy_withOurOption() throws Exception {
    assertEquals(
        new Jvm(0, "> 3 of 3\n> 0, 1\n"),
        Jvm.runAlone(dir(), JvmProbe.FIRST_COPY_WITH_OUR_OPTION, FLAG));
  }

  /** A JDK that shares by itself does small transfers as well. */
  @Test
  void testFirstTransfers_areTheJdks() throws Exception {
    assumeTrue(Runtime.version().feature() >= 20, "a JDK that reads and writes");
    String transferred = "> 65535\n> 65536\n> 1048576\n";
    assertEquals(
        new Jvm(0, transferred + "> 8388607\n> 3\n> 0\n" + transferred + "> 8388608\n> true\n"),
        Jvm.runAlone(dir(), JvmProbe.FIRST_TRANSFERS, FLAG));
    assertEquals(new Jvm(0, "> 1024, 1\n"), Jvm.runAlone(dir(), JvmProbe.MANY_TRANSFERS, FLAG));
  }

  /** Some are left until the JDK has looked, and then find our classes there. */
  @RepeatedTest(3)
  void testFirstCopies_atOnce() throws Exception {
    assertEquals(new Jvm(0, "> 0, 16\n"), Jvm.runAlone(dir(), JvmProbe.FIRST_COPIES_AT_ONCE, FLAG));
  }

  @Test
  void testSmallFirstCopies_areNotForEver() throws Exception {
    boolean left = leavesSmallOnes();
    assertEquals(
        new Jvm(0, left ? "> 16384, 2\n" : "> 0, 16386\n"),
        Jvm.runAlone(dir(), JvmProbe.MANY_SMALL_COPIES, FLAG));
  }

  /** The bounds are what there is, where bytes are moved: lower them whenever that becomes less. */
  @Test
  void testFrames() throws Exception {
    Jvm jvm = Jvm.runAlone(dir(), JvmProbe.FRAMES, FLAG);
    int[] frames =
        jvm.output().lines().mapToInt(line -> Integer.parseInt(line.substring(2))).toArray();
    assertEquals(2, frames.length, jvm::output);
    assertTrue(frames[0] > 3 && frames[0] <= 18, jvm::output);
    // From JDK 20 on it may be the JDK's own.
    assertTrue(frames[1] > 3 || Runtime.version().feature() >= 20, jvm::output);
    assertTrue(frames[1] <= 19, jvm::output);
  }

  @Test
  void testInstalls_twice() throws Exception {
    assertOffloads(FLAG, FLAG);
  }

  @Test
  void testInstalls_withOursOnTheClassPath() throws Exception {
    assertEquals(
        new Jvm(0, "> true\n> 3\n"),
        Jvm.runStock(dir(), JvmProbe.COPY_WITH_NATIVE_CODE, FLAG, "-Xshare:off"));
    assertEquals(
        STOCK.replace(".Linux", ".OffloadLinux"),
        Jvm.runTransparent(dir(), JvmProbe.DEFAULT_PROVIDER, FLAG).output());
  }

  @Test
  void testInstalls_moduleApplication() throws Exception {
    Path dir = dir();
    Path info = Files.writeString(dir.resolve("module-info.java"), "module app { }");
    Path main =
        Files.writeString(
            Files.createDirectory(dir.resolve("app")).resolve("Main.java"),
            "package app; public class Main { public static void main(String[] a) {"
                + " System.out.println(java.nio.file.FileSystems.getDefault().provider()"
                + ".getClass().getName()); } }");
    String[] arguments = {"-d", dir.resolve("out").toString(), info.toString(), main.toString()};
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments));
    Jvm jvm =
        Jvm.runJava(
            dir(), List.of(FLAG, "-p", dir.resolve("out").toString(), "-m", "app/app.Main"));
    assertEquals("sun.nio.fs.LinuxFileSystemProvider\n", jvm.output());
  }

  @Test
  void testFlightRecorder_starts() throws Exception {
    Path recording = temporary.resolve("recording.jfr");
    String flag = "-XX:StartFlightRecording=filename=" + recording;
    Jvm jvm = Jvm.runAlone(dir(), JvmProbe.WALK, FLAG, flag);
    assertEquals(0, jvm.exitCode(), jvm::output);
    assertTrue(Files.size(recording) > 0);
  }

  /** Where a transformer is left, the JVM says that one failed, or weaves no channel. */
  @Test
  void testLoopsOff_leavesNoTransformer() throws Exception {
    assertEquals(
        new Jvm(0, "> 1\n"), Jvm.runAlone(dir(), JvmProbe.DEEP_CLASSES, FLAG + "=loops=off"));
  }

  @Test
  void testNothingCopied_loadsNoNativeCode() throws Exception {
    Jvm jvm = Jvm.runAlone(dir(), JvmProbe.WALK, FLAG, "-Xlog:class+load");
    assertTrue(jvm.output().contains("dev.copyoffload.agent.Agent "), jvm::output);
    assertFalse(jvm.output().contains("com.sun.jna"), jvm::output);
    assertFalse(jvm.output().contains("dev.copyoffload.file"), jvm::output);
    assertFalse(jvm.output().contains("dev.copyoffload.engine"), jvm::output);
  }

  @Test
  void testSwitchedOff_isStock() throws Exception {
    Jvm stock = defaultProvider();
    assertEquals(stock, defaultProvider(FLAG + "=enabled=false"));
    assertEquals(stock, defaultProvider(FLAG, "-Dcopyoffload.enabled=false"));
    assertEquals(stock, defaultProvider(FLAG + "=enabled=true", "-Dcopyoffload.enabled=false"));
  }

  @Test
  void testArguments() throws Exception {
    String arguments = "=disable=ficlone,splice,channels=raw,loops=off,log=true,enabled=true";
    assertEquals(STOCK, defaultProvider(FLAG + arguments).output());
    Jvm jvm = Jvm.runAlone(dir(), JvmProbe.PROPERTIES, FLAG + arguments);
    assertTrue(jvm.output().contains("copyoffload.channels, "), jvm::output);
    assertTrue(jvm.output().contains("copyoffload.disable, "), jvm::output);
    assertTrue(jvm.output().contains("copyoffload.log, "), jvm::output);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key=true",
        "log",
        "log=yes",
        "channels=own",
        "loops=no",
        "enabled=",
        "disable=ficlone,splize",
        "=,",
        ","
      })
  void testArguments_unknown(String arguments) throws Exception {
    Jvm jvm = defaultProvider(FLAG + "=" + arguments);
    String first = jvm.output().lines().findFirst().orElse("");
    assertTrue(first.startsWith("copyoffload: argument "), jvm::output);
    assertTrue(first.endsWith("; the program runs without copyoffload"), jvm::output);
    assertEquals(new Jvm(0, first + "\n" + STOCK), jvm);
  }

  @Test
  void testInstalls_behindAnEarlierAgent() throws Exception {
    String earlier = agent(EarlierAgent.class);
    assertOffloads(earlier, FLAG);
    assertOffloads(FLAG, earlier);
  }

  private String agent(Class<?> type) throws Exception {
    Path jar = temporary.resolve(type.getSimpleName() + ".jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", type.getName());
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    String entry = type.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.putNextEntry(new JarEntry(entry));
      Files.copy(Path.of(Jvm.locationOf(type), entry), out);
    }
    return "-javaagent:" + jar;
  }

  /** What is asked about our classes may want what another thread holds that copies. */
  @Test
  void testFirstCopies_besideALoggingAgent() throws Exception {
    assertEquals(
        new Jvm(0, "> false false\n> -1\n> -1\n> -1\n"),
        Jvm.runAlone(dir(), JvmProbe.FIRST_COPIES_AND_A_LOGGER, FLAG, agent(LoggingAgent.class)));
  }

  @Test
  void testFirstCopy_keepsNoThread() throws Exception {
    assertEquals(
        new Jvm(0, "> class java.nio.file.FileAlreadyExistsException\n> true\n> true\n"),
        Jvm.runAlone(dir(), JvmProbe.FIRST_COPY_OF_A_THREAD, FLAG));
  }

  @Test
  void testInstalls_fromSignedJar() throws Exception {
    Path store = temporary.resolve("store.p12");
    Path signed = temporary.resolve("signed.jar");
    List<String> key = new ArrayList<>(List.of("-genkeypair", "-alias", "a", "-keyalg", "EC"));
    List<String> access = List.of("-keystore", store.toString(), "-storepass", "throwaway");
    key.addAll(List.of("-dname", "CN=test"));
    key.addAll(access);
    assertEquals(0, Jvm.runTool(dir(), "keytool", key).exitCode());
    List<String> sign = new ArrayList<>(access);
    sign.addAll(List.of("-signedjar", signed.toString(), JAR, "a"));
    Jvm signing = Jvm.runTool(dir(), "jarsigner", sign);
    assertEquals(0, signing.exitCode(), signing::output);
    assertEquals(
        STOCK, Jvm.runAlone(dir(), JvmProbe.DEFAULT_PROVIDER, "-javaagent:" + signed).output());
    List<String> doctor =
        List.of("-javaagent:" + signed, "-jar", signed.toString(), "doctor", dir().toString());
    String report = Jvm.runJava(dir(), doctor).output();
    assertTrue(report.contains("  Files.copy, Files.move      offloaded\n"), report);
  }

  @Test
  void testInstalls_withAotCache() throws Exception {
    assumeTrue(
        Runtime.version().feature() >= 25, "before JDK 25 there is no AOT cache made in one step");
    String cache = temporary.resolve("cache.aot").toString();
    // Only classes from jars are cached.
    String jar = temporary.resolve("probe.jar").toString();
    String classes = Jvm.locationOf(JvmProbe.class);
    List<String> make = List.of("--create", "--file", jar, "-C", classes, "dev/copyoffload");
    assertEquals(0, Jvm.runTool(dir(), "jar", make).exitCode());
    List<String> program =
        List.of(FLAG, "-cp", jar, JvmProbe.class.getName(), JvmProbe.COPY_WITH_NATIVE_CODE.name());
    List<String> training = new ArrayList<>(List.of("-XX:AOTCacheOutput=" + cache));
    training.addAll(program);
    training.add(dir().toString());
    Jvm trained = Jvm.runJava(dir(), training);
    assertTrue(Files.exists(Path.of(cache)), trained::output);
    List<String> running = new ArrayList<>(List.of("-XX:AOTCache=" + cache));
    running.addAll(program);
    running.add(dir().toString());
    assertEquals(new Jvm(0, "> true\n> 3\n"), Jvm.runJava(dir(), running));
  }

  @Test
  void testDoctor() throws Exception {
    Path first = dir();
    Path second = dir();
    Jvm jvm = doctor(first.toString(), second.toString());
    assertEquals(0, jvm.exitCode(), jvm::output);
    for (String line :
        List.of(
            "  mode                        agent\n",
            "  FileChannel transfers       offloaded\n",
            "    bound to no address       yes\n",
            "\n" + first + " (",
            "\n" + second + " (",
            "\nfrom " + first + " to " + second + "\n",
            "\nfrom " + second + " to " + first + "\n",
            "\n  native                      yes\n",
            "\n  a copy of 1 MiB             by ")) {
      assertTrue(jvm.output().contains(line), () -> line + " is not in " + jvm.output());
    }
    assertFalse(jvm.output().contains("WARNING"), jvm::output);
    for (Path directory : List.of(first, second)) {
      try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
        assertFalse(left.iterator().hasNext());
      }
    }
  }

  /** In a JVM that was started in another way, which is not the agent's then. */
  @Test
  void testDoctor_otherWays() throws Exception {
    String provider = PROVIDER + "dev.copyoffload.OffloadFileSystemProvider";
    String open = "--add-opens=java.base/sun.nio.fs=ALL-UNNAMED";
    String options = "@" + Path.of(JAR).resolveSibling("copyoffload.options");
    for (List<String> flags :
        List.of(List.of(options), List.of(provider, open), List.of(provider))) {
      List<String> arguments = new ArrayList<>(flags);
      arguments.addAll(List.of("-jar", JAR, "doctor", dir().toString()));
      Jvm jvm = Jvm.runJava(dir(), arguments);
      assertEquals(0, jvm.exitCode(), jvm::output);
      String mode =
          flags.equals(List.of(provider)) ? "wrapping: java.base is not open" : "transparent";
      for (String line :
          List.of(
              "  mode                        " + mode + "\n",
              "  Files.copy, Files.move      offloaded\n",
              "  native                      yes\n",
              "  a copy of 1 MiB             by ")) {
        assertTrue(jvm.output().contains(line), jvm::output);
      }
      assertFalse(jvm.output().contains("WARNING"), jvm::output);
    }
  }

  @Test
  void testDoctor_withoutMountTable() throws Exception {
    Path dir = dir();
    Path empty = Files.createFile(temporary.resolve("mounts"));
    List<String> doctor =
        List.of(
            "unshare",
            "--mount",
            "--propagation=private",
            "sh",
            "-c",
            "mount --bind \"$0\" /proc/$$/mounts && exec \"$@\"",
            empty.toString(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-jar",
            JAR,
            "doctor",
            dir.toString());
    Jvm jvm = Jvm.runCommand(dir, doctor);
    assumeTrue(jvm.exitCode() != 1, "mounting needs root");
    assertEquals(0, jvm.exitCode(), jvm::output);
    String line = "\n" + dir + " (of an unknown type: Mount point not found)\n  native";
    assertTrue(jvm.output().contains(line), jvm::output);
  }

  @Test
  void testDoctor_switchedOff() throws Exception {
    List<String> arguments =
        List.of(
            "-Dcopyoffload.disable=native", "-jar", JAR, "doctor", temporary.toRealPath() + "/.");
    Jvm jvm = Jvm.runJava(dir(), arguments);
    assertEquals(0, jvm.exitCode(), jvm::output);
    assertTrue(jvm.output().contains("switched off by copyoffload.disable=native"), jvm::output);
    assertTrue(jvm.output().contains("  FileChannel transfers       the JDK's own\n"), jvm::output);
  }

  @Test
  void testDoctor_rawChannels() throws Exception {
    List<String> arguments =
        List.of("-Dcopyoffload.channels=raw", "-jar", JAR, "doctor", dir().toString());
    Jvm jvm = Jvm.runJava(dir(), arguments);
    assertEquals(0, jvm.exitCode(), jvm::output);
    assertTrue(jvm.output().contains("  Files.copy, Files.move      offloaded\n"), jvm::output);
    assertTrue(jvm.output().contains("  FileChannel transfers       the JDK's own\n"), jvm::output);
  }

  @Test
  void testDoctor_badDirectory() throws Exception {
    Path file = Files.createFile(temporary.resolve("file"));
    String missing = temporary.resolve("missing").toString();
    for (String bad : List.of(missing, file.toString(), "/proc")) {
      Jvm jvm = doctor(dir().toString(), bad);
      assertEquals(2, jvm.exitCode(), jvm::output);
      assertTrue(jvm.output().startsWith("copyoffload: " + bad + " "), jvm::output);
      assertEquals(1, jvm.output().lines().count(), jvm::output);
    }
  }

  @Test
  void testHelp() throws Exception {
    for (List<String> arguments : List.of(List.<String>of(), List.of("help"), List.of("--help"))) {
      Jvm jvm = main(arguments);
      assertEquals(0, jvm.exitCode(), jvm::output);
      assertTrue(jvm.output().contains("doctor DIR [DIR]"), jvm::output);
    }
    for (List<String> arguments :
        List.of(List.of("nurse"), List.of("doctor"), List.of("doctor", "/", "/", "/"))) {
      Jvm jvm = main(arguments);
      assertEquals(2, jvm.exitCode(), jvm::output);
      assertTrue(jvm.output().startsWith("copyoffload: not a command: "), jvm::output);
    }
  }

  private Jvm doctor(String... directories) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("doctor"));
    arguments.addAll(List.of(directories));
    return main(arguments);
  }

  private Jvm main(List<String> arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("-jar", JAR));
    all.addAll(arguments);
    return Jvm.runJava(dir(), all);
  }
}
