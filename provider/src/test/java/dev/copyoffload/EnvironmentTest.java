package dev.copyoffload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.Installer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.mockito.Mockito;
import org.objenesis.Objenesis;

/**
 * Programs where little is allowed, or much is done otherwise than usual, by each way in; the jars
 * are those that were just built.
 *
 * <p>What they print is compared with all that goes to standard error. No flag allows native
 * access.
 */
@ParameterizedClass
@EnumSource
@SuppressWarnings("NullAway.Init") // JUnit injects the parameter
class EnvironmentTest {
  private static final int FEATURE = Runtime.version().feature();
  private static final Path BUILT =
      Path.of(System.getProperty("copyoffload.test.built", "nowhere"));

  /** Of nobody who has an account. */
  private static final String USER = "54321";

  private static final String ATTACKER = "54322";

  /** Has another file's bytes where a JVM makes and loads one, as soon as it is there. */
  private static final String ATTACK =
      """
      #include <dirent.h>
      #include <fcntl.h>
      #include <stdio.h>
      #include <string.h>
      #include <unistd.h>
      int main(int count, char **names) {
        static char evil[1 << 20];
        int in = open(names[2], O_RDONLY);
        int size = read(in, evil, sizeof evil);
        DIR *at = opendir(names[1]);
        if (size <= 0 || !at || chdir(names[1])) return 1;
        for (;;) {
          rewinddir(at);
          for (struct dirent *entry; (entry = readdir(at));) {
            if (strncmp(entry->d_name, ".copyoffload-", 13)) continue;
            int out = open(entry->d_name, O_WRONLY | O_TRUNC);
            if (out >= 0) {
              if (pwrite(out, evil, size, 0) < size) return 2;
              close(out);
            }
            symlink(names[2], "mine");
            rename("mine", entry->d_name);
          }
        }
      }
      """;

  private static final String BTRFS =
      "truncate -s 200M image && mkfs.btrfs -q -f image >/dev/null 2>&1 && mkdir -p btrfs"
          + " && mount -o loop image btrfs && ";

  @Parameter private Way way;
  @TempDir private Path temporary;
  private Path dir;

  /** How we get into a JVM, by files in a directory. */
  enum Way {
    AGENT {
      @Override
      List<String> flags(Path directory) {
        return List.of("-javaagent:" + directory.resolve("copyoffload-agent.jar"));
      }
    },
    LEAN {
      @Override
      List<String> flags(Path directory) {
        return List.of("@" + directory.resolve("copyoffload.options"));
      }
    };

    abstract List<String> flags(Path directory);
  }

  @BeforeEach
  void setUp() throws Exception {
    dir = Files.createDirectory(temporary.toRealPath().resolve("d"));
  }

  private static List<String> java(List<String> flags, JvmProbe probe, Path where)
      throws Exception {
    return java(flags, Jvm.locationOf(JvmProbe.class), probe, where);
  }

  private static List<String> java(
      List<String> flags, String classPath, JvmProbe probe, Path where) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, JvmProbe.class.getName()));
    command.addAll(List.of(probe.name(), where.toString()));
    return command;
  }

  private List<String> ours(String... more) {
    List<String> flags = new ArrayList<>(way.flags(BUILT));
    flags.addAll(List.of(more));
    return flags;
  }

  private Jvm run(JvmProbe probe, List<String> flags) throws Exception {
    return Jvm.runCommand(dir, java(flags, probe, Files.createTempDirectory(dir, "p")));
  }

  /** Runs a command once a shell has prepared for it, in a mount namespace that ends with it. */
  private Jvm runPrepared(String preparation, List<String> command) throws Exception {
    assumeTrue(isRoot(), "mounting needs root");
    List<String> all = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private"));
    all.addAll(List.of("sh", "-c", "cd \"$0\" && " + preparation + "exec \"$@\"", dir.toString()));
    all.addAll(command);
    return Jvm.runCommand(dir, all);
  }

  private static boolean isRoot() throws Exception {
    return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
  }

  private static Jvm printed(String... lines) {
    return new Jvm(0, "> " + String.join("\n> ", lines) + "\n");
  }

  private void assertAsStock(JvmProbe probe, String... flags) throws Exception {
    Jvm stock = run(probe, List.of(flags));
    assertTrue(stock.output().contains("> "), stock::output);
    assertEquals(stock, run(probe, ours(flags)));
  }

  private void assertCopies(String... flags) throws Exception {
    assertEquals(printed("true", "3"), run(JvmProbe.COPY_WITH_NATIVE_CODE, ours(flags)));
  }

  /** Ours would take longer to be defined; with the agent a first move is the JDK's anyway. */
  @Test
  void testSmallFirstCopies_areTheJdks() throws Exception {
    assumeTrue(way == Way.LEAN, "the agent's are in another test");
    boolean left = Runtime.version().feature() < 20 && Jvm.isOnBlockDevice(temporary);
    assertEquals(
        new Jvm(0, left ? "> 2, 0\n> 3, 0\n" : "> 0, 2\n> 0, 3\n"),
        Jvm.runCommand(dir, java(ours(), JvmProbe.SMALL_FIRST_COPIES, dir)));
    Path moved = Files.createDirectory(dir.resolve("moved"));
    assertEquals(
        new Jvm(0, "> false\n> 512\n> true\n"),
        Jvm.runCommand(dir, java(ours(), JvmProbe.SMALL_FIRST_MOVES, moved)));
    Path many = Files.createDirectory(dir.resolve("many"));
    assertEquals(
        new Jvm(0, left ? "> 16384, 2\n" : "> 0, 16386\n"),
        Jvm.runCommand(dir, java(ours(), JvmProbe.MANY_SMALL_COPIES, many)));
  }

  @Test
  void testStandardError_isEmpty() throws Exception {
    assertCopies();
    if (FEATURE >= 24) {
      assertCopies("--illegal-native-access=deny");
    }
    assertAsStock(JvmProbe.TRANSFERS);
  }

  @Test
  void testTmpdirWithoutExecution_sharesAllTheSame() throws Exception {
    List<String> flags = ours("-Djava.io.tmpdir=" + dir.resolve("tmp"));
    assertEquals(
        printed("{ficlone=3}", "-1"),
        runPrepared(
            BTRFS + "mkdir tmp && mount -t tmpfs -o noexec,mode=700 none tmp && ",
            java(flags, JvmProbe.FIRST_COPIES, dir.resolve("btrfs"))));
  }

  @Test
  void testNoExecutionAnywhere_isStock() throws Exception {
    Path home = dir.resolve("home");
    String nowhere =
        BTRFS
            + "unset XDG_RUNTIME_DIR && mkdir -p tmp home && for at in tmp home /dev/shm /var/tmp;"
            + " do mount -t tmpfs -o noexec,mode=700 none $at; done && ";
    List<String> flags = ours("-Djava.io.tmpdir=" + dir.resolve("tmp"), "-Duser.home=" + home);
    for (JvmProbe probe : List.of(JvmProbe.TRANSFERS, JvmProbe.COPY_AND_MOVE)) {
      // On the same file system: the JDK's own transfers stop at a block where it shares.
      assertEquals(
          runPrepared(nowhere, java(List.of(), probe, dir.resolve("btrfs"))),
          runPrepared(nowhere, java(flags, probe, dir.resolve("btrfs"))));
    }
    assertEquals(
        printed("false", "0"),
        runPrepared(nowhere, java(flags, JvmProbe.COPY_WITH_NATIVE_CODE, dir.resolve("btrfs"))));
  }

  @Test
  void testTmpdirOfOthers_isPassedOver() throws Exception {
    Path tmp = Files.createDirectory(dir.resolve("tmp"));
    FileTime before = FileTime.fromMillis(1_000);
    Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setLastModifiedTime(tmp, before);
    assertCopies("-Djava.io.tmpdir=" + tmp);
    assertEquals(before, Files.getLastModifiedTime(tmp));
    // It would have been used.
    Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwx------"));
    assertCopies("-Djava.io.tmpdir=" + tmp);
    assertTrue(Files.getLastModifiedTime(tmp).compareTo(before) > 0);
  }

  @Test
  void testNoHome_leavesNothing() throws Exception {
    Path everybodys = readableByAll();
    for (String flag : List.of("-Dcopyoffload.disable=splice", "-Dcopyoffload.disable=stub")) {
      Path own = Files.createDirectory(dir.resolve("own"));
      List<String> flags = new ArrayList<>(way.flags(everybodys));
      flags.add(flag);
      List<String> command =
          java(flags, everybodys.resolve("probe.jar").toString(), JvmProbe.COPY_AND_MOVE, own);
      String asUser = "chown " + USER + " own && cd own && ";
      List<String> all = new ArrayList<>(asUser(USER));
      all.addAll(List.of("env", "-u", "HOME", "-u", "XDG_RUNTIME_DIR"));
      all.addAll(command);
      Jvm stock = run(JvmProbe.COPY_AND_MOVE, List.of());
      assertEquals(stock, runPrepared(asUser, all));
      try (Stream<Path> left = Files.list(own)) {
        assertEquals(
            List.of("a", "c"), left.map(file -> file.getFileName().toString()).sorted().toList());
      }
      Files.delete(own.resolve("a"));
      Files.delete(own.resolve("c"));
      Files.delete(own);
    }
  }

  /** It keeps in mind who owns a file, and would not know of what is done behind its back. */
  @Test
  void testFakeroot_seesEachCall() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/fakeroot")), "no fakeroot");
    Path everybodys = readableByAll();
    Path own = Files.createDirectory(dir.resolve("own"));
    List<String> all = new ArrayList<>(asUser(USER));
    all.add("fakeroot");
    all.addAll(
        java(
            way.flags(everybodys),
            everybodys.resolve("probe.jar").toString(),
            JvmProbe.COPY_WITH_NATIVE_CODE,
            own));
    Jvm jvm = runPrepared("chown " + USER + " own && ", all);
    assertTrue(jvm.output().contains("> false\n"), jvm::output);
    assertTrue(jvm.output().contains("> 0\n"), jvm::output);
  }

  private static List<String> asUser(String number) {
    return List.of("setpriv", "--reuid=" + number, "--regid=" + number, "--clear-groups");
  }

  /** Copies of the jars and of the probe that other users can read. */
  private Path readableByAll() throws Exception {
    Path jars = Files.createDirectory(dir.resolve("jars"));
    for (String name : List.of("copyoffload-agent.jar", "copyoffload-provider.jar")) {
      Files.copy(BUILT.resolve(name), jars.resolve(name));
    }
    Files.writeString(
        jars.resolve("copyoffload.options"),
        Files.readString(BUILT.resolve("copyoffload.options"))
            .replace(BUILT.toString(), jars.toString()));
    probeJar(jars);
    for (Path at : List.of(temporary, dir, jars)) {
      Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return jars;
  }

  private static String probeJar(Path in) throws Exception {
    String jar = in.resolve("probe.jar").toString();
    String classes = Jvm.locationOf(JvmProbe.class);
    List<String> make = List.of("--create", "--file", jar, "-C", classes, "dev/copyoffload");
    assertEquals(0, Jvm.runTool(in, "jar", make).exitCode());
    return jar;
  }

  @Test
  void testStickyTmpdir_attackerGainsNothing() throws Exception {
    assumeTrue(isRoot(), "being another user needs root");
    Path tmp = Files.createDirectory(dir.resolve("tmp"));
    Files.setAttribute(tmp, "unix:mode", 01777);
    Path evil = readableByAll().resolve("evil");
    String code = "__attribute__((constructor)) static void evil(void) { write(1, \"evil\", 4); }";
    compile("-shared", evil, "#include <unistd.h>\n" + code);
    Path attack = evil.resolveSibling("attack");
    compile("-O2", attack, ATTACK);
    List<String> asAttacker = new ArrayList<>(asUser(ATTACKER));
    asAttacker.addAll(List.of(attack.toString(), tmp.toString(), evil.toString()));
    Process attacker =
        new ProcessBuilder(asAttacker)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      // A user who leaves to everybody what no program restricts.
      List<String> command = new ArrayList<>(List.of("sh", "-c", "umask 0; exec \"$@\"", "sh"));
      List<String> flags = ours("-Djava.io.tmpdir=" + tmp);
      command.addAll(java(flags, JvmProbe.COPY_WITH_NATIVE_CODE, Path.of("")));
      for (int i = 0; i < 5; i++) {
        Path where = Files.createTempDirectory(dir, "p");
        command.set(command.size() - 1, where.toString());
        assertEquals(printed("true", "3"), Jvm.runCommand(dir, command));
      }
      assertTrue(attacker.isAlive());
    } finally {
      attacker.destroyForcibly().waitFor();
    }
  }

  private void compile(String how, Path to, String code) throws Exception {
    Path source = Files.writeString(dir.resolve(to.getFileName() + ".c"), code);
    List<String> command = List.of("gcc", how, "-o", to.toString(), source.toString());
    try {
      assertEquals(0, Jvm.runCommand(dir, command).exitCode());
    } catch (IOException e) {
      assumeTrue(false, "the attacker's code needs gcc");
    }
  }

  @Test
  void testLogManager_setAfterTheFirstCopy() throws Exception {
    assertEquals(
        printed("class dev.copyoffload.JvmProbe$OwnLogManager"),
        run(JvmProbe.LATE_LOG_MANAGER, ours()));
    assertAsStock(JvmProbe.LATE_LOG_MANAGER, "-Dcopyoffload.disable=stub");
  }

  @Test
  void testOwnJna() throws Exception {
    assertEquals(
        printed("java.lang.ClassNotFoundException: com.sun.jna.Native"),
        run(JvmProbe.OWN_JNA, ours()));
    Path all = Path.of(Jvm.locationOf(Native.class), "../..").normalize();
    // The local repository may have others, which plug-ins of the build brought.
    try (Stream<Path> versions = Files.list(all)) {
      for (Path version : versions.sorted().toList()) {
        Path jna = version.resolve("jna-" + version.getFileName() + ".jar");
        if (Files.exists(jna)) {
          assertOwnJna(jna);
        }
      }
    }
  }

  private void assertOwnJna(Path jna) throws Exception {
    String classPath = Jvm.locationOf(JvmProbe.class) + ":" + jna;
    List<String> flags = new ArrayList<>();
    if (FEATURE >= 24) {
      // The program's JNA has the JVM warn.
      flags.add("--enable-native-access=ALL-UNNAMED");
    }
    Path where = Files.createTempDirectory(dir, "p");
    Jvm stock = Jvm.runCommand(dir, java(flags, classPath, JvmProbe.OWN_JNA, where));
    assertTrue(stock.output().contains(jna.toString()), stock::output);
    for (String flag : List.of("-Dcopyoffload.disable=splice", "-Dcopyoffload.disable=stub")) {
      List<String> all = new ArrayList<>(flags);
      all.addAll(ours(flag));
      where = Files.createTempDirectory(dir, "p");
      assertEquals(stock, Jvm.runCommand(dir, java(all, classPath, JvmProbe.OWN_JNA, where)));
    }
  }

  @Test
  void testOwnCdsArchive() throws Exception {
    String jar = probeJar(dir);
    String archive = dir.resolve("program.jsa").toString();
    List<String> training = List.of("-XX:ArchiveClassesAtExit=" + archive);
    Jvm.runCommand(dir, java(training, jar, JvmProbe.FIRST_COPIES, dir));
    assertTrue(Files.exists(Path.of(archive)));
    Path where = Files.createTempDirectory(dir, "p");
    Path log = dir.resolve("classes.log");
    List<String> flags = ours("-XX:SharedArchiveFile=" + archive, "-Xlog:class+load:file=" + log);
    Jvm jvm = Jvm.runCommand(dir, java(flags, jar, JvmProbe.COPY_WITH_NATIVE_CODE, where));
    // JDK 25 complains of any agent, and uses the archive all the same; with anything on the boot
    // class path a JVM takes none, and warns.
    assertEquals(0, jvm.exitCode());
    assertTrue(jvm.output().endsWith(printed("true", "3").output()), jvm::output);
    if (way == Way.LEAN) {
      return;
    }
    String program = "dev.copyoffload.JvmProbe source: ";
    String line =
        Files.readAllLines(log).stream().filter(l -> l.contains(program)).findFirst().orElse("");
    assertTrue(line.endsWith("shared objects file (top)"), line);
  }

  @Test
  void testSecurityManager() throws Exception {
    assumeTrue(FEATURE < 24, "there is none any more");
    Path all = dir.resolve("all.policy");
    Files.writeString(all, "grant { permission java.security.AllPermission; };");
    for (JvmProbe probe : List.of(JvmProbe.COPY_AND_MOVE, JvmProbe.TRANSFERS)) {
      assertAsStock(probe, "-Djava.security.manager", "-Djava.security.policy==" + all);
    }
    Path none = Files.createFile(dir.resolve("none.policy"));
    List<String> flags = List.of("-Djava.security.manager", "-Djava.security.policy==" + none);
    Path where = Files.createTempDirectory(dir, "p");
    Jvm stock = Jvm.runCommand(dir, java(flags, JvmProbe.REFUSED, where));
    assertTrue(stock.output().contains("AccessControlException"), stock::output);
    assertEquals(
        stock,
        Jvm.runCommand(dir, java(ours(flags.toArray(String[]::new)), JvmProbe.REFUSED, where)));
  }

  @Test
  void testLittleMemory() throws Exception {
    assertCopies("-Xmx32m", "-XX:MaxDirectMemorySize=1m");
    assertAsStock(JvmProbe.TRANSFERS, "-Xmx32m", "-XX:MaxDirectMemorySize=1m");
  }

  /** Runs a program beside a stock one, and compares; ours has to copy. */
  private void assertRuns(List<String> stockFlags, String... flags) throws Exception {
    String classPath = Jvm.locationOf(JvmProbe.class);
    assertRuns(JvmProbe.PROGRAM, classPath, stockFlags, ours(flags));
  }

  private void assertRuns(
      JvmProbe probe, String classPath, List<String> stockFlags, List<String> flags)
      throws Exception {
    Path one = Files.createTempDirectory(dir, "p");
    Path other = Files.createTempDirectory(dir, "p");
    CompletableFuture<Jvm> stock =
        CompletableFuture.supplyAsync(() -> runIn(one, java(stockFlags, classPath, probe, one)));
    Jvm ours = runIn(other, java(flags, classPath, probe, other));
    assertEquals(0, stock.join().exitCode(), stock.join()::output);
    Jvm expected = new Jvm(0, stock.join().output() + "> offloaded: true\n");
    assertEquals(expected, ours, flags::toString);
  }

  private static Jvm runIn(Path own, List<String> command) {
    try {
      return Jvm.runCommand(own, command);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void testFlags() throws Exception {
    for (String flag :
        List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseZGC",
            "-Xint",
            "-Xshare:off",
            "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:0")) {
      assertRuns(List.of(flag), flag);
    }
  }

  @Test
  void testOtherAgents() throws Exception {
    String jacoco =
        "-javaagent:%s=destfile=%s"
            .formatted(Jvm.locationOf(org.jacoco.agent.rt.RT.class), dir.resolve("jacoco.exec"));
    List<String> both = new ArrayList<>(List.of(jacoco));
    both.addAll(ours());
    assertRuns(List.of(jacoco), jacoco);
    String classPath = Jvm.locationOf(JvmProbe.class);
    assertRuns(JvmProbe.PROGRAM, classPath, List.of(jacoco), both);
    String mockito = "-javaagent:" + Jvm.locationOf(Mockito.class);
    for (Class<?> needed :
        List.of(Mockito.class, ByteBuddy.class, Installer.class, Objenesis.class)) {
      classPath += ":" + Jvm.locationOf(needed);
    }
    both = new ArrayList<>(List.of(mockito));
    both.addAll(ours());
    assertRuns(JvmProbe.MOCK, classPath, List.of(mockito), ours(mockito));
    assertRuns(JvmProbe.MOCK, classPath, List.of(mockito), both);
  }

  @Test
  void testNamesInNoCharset() throws Exception {
    for (String locale : List.of("C", "C.UTF-8")) {
      List<List<String>> seen = new ArrayList<>();
      for (List<String> flags : List.of(List.<String>of(), ours())) {
        Path where = Files.createTempDirectory(dir, "p");
        String prepare =
            "cd \"$0\" && for n in plain \"$(printf '\\303\\244')\" \"$(printf '\\377\\1')\"; do"
                + " head -c 70000 /dev/zero >\"$n.from\"; done && LC_ALL="
                + locale
                + " \"$@\" && find to -type f -exec cksum {} + | LC_ALL=C sort | cat -v";
        List<String> command = new ArrayList<>(List.of("sh", "-c", prepare, where.toString()));
        command.addAll(java(flags, JvmProbe.RAW_NAMES, where));
        seen.add(Jvm.runCommand(where, command).output().lines().toList());
      }
      assertEquals(seen.get(0), seen.get(1));
      assertEquals("> 3", seen.get(0).get(3));
    }
  }

  @Test
  void testOneWritableDirectory() throws Exception {
    String readOnly =
        "mkdir own && mount --bind own own && for at in /dev/shm /var/tmp; do"
            + " mount -t tmpfs -o ro none $at; done && mount -o remount,bind,ro / && ";
    Path own = dir.resolve("own");
    List<String> stock = java(List.of(), JvmProbe.PROGRAM, own);
    Jvm expected = runPrepared(readOnly, stock);
    assertTrue(expected.output().startsWith("> "), expected::output);
    for (boolean offloads : new boolean[] {true, false}) {
      Jvm.runCommand(dir, List.of("rm", "-r", own.toString()));
      List<String> flags = offloads ? ours("-Djava.io.tmpdir=" + own) : ours();
      assertEquals(
          new Jvm(0, expected.output() + "> offloaded: " + offloads + "\n"),
          runPrepared("unset XDG_RUNTIME_DIR && " + readOnly, java(flags, JvmProbe.PROGRAM, own)));
    }
  }

  @Test
  void testRefusedCalls_noWorse() throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "the numbers of the calls");
    String classPath = Jvm.locationOf(JvmProbe.class) + ":" + Jvm.locationOf(Native.class);
    List<List<String>> outcomes = new ArrayList<>();
    for (List<String> way : List.of(List.<String>of(), ours())) {
      List<String> flags = new ArrayList<>(way);
      if (FEATURE >= 24) {
        // The filter is made by JNA.
        flags.add("--enable-native-access=ALL-UNNAMED");
      }
      Path where = dir.resolve("btrfs");
      Jvm jvm = runPrepared(BTRFS, java(flags, classPath, JvmProbe.REFUSED_CALLS, where));
      assertEquals(0, jvm.exitCode(), jvm::output);
      outcomes.add(jvm.output().lines().toList());
    }
    List<String> stock = outcomes.get(0);
    List<String> ours = outcomes.get(1);
    assertEquals(stock.size(), ours.size());
    for (int i = 0; i < stock.size(); i++) {
      // What stock cannot do we may do, if we do it well.
      boolean isBetter =
          !stock.get(i).endsWith(RefusedCalls.WELL) && ours.get(i).endsWith(RefusedCalls.WELL);
      if (!isBetter) {
        assertEquals(stock.get(i), ours.get(i));
      }
    }
  }

  /** By a filter on the whole process, from before it starts. */
  @Test
  void testAllCallsRefused_copies() throws Exception {
    Path filter = dir.resolve("filter");
    try (InputStream source = EnvironmentTest.class.getResourceAsStream("/refuse.c")) {
      Files.copy(source, dir.resolve("refuse.c"));
    }
    List<String> compile = List.of("gcc", "-o", filter.toString(), dir + "/refuse.c");
    assumeTrue(Jvm.runCommand(dir, compile).exitCode() == 0, "the filter needs gcc");
    for (int errno : new int[] {RefusedCalls.EPERM, RefusedCalls.ENOSYS}) {
      Path where = Files.createTempDirectory(dir, "p");
      List<String> command = new ArrayList<>(List.of(filter.toString(), "" + errno));
      command.addAll(java(ours(), JvmProbe.COPY_WITH_NATIVE_CODE, where));
      // Stock gives up where a call is not permitted.
      assertEquals(printed("true", "3"), Jvm.runCommand(where, command));
      assertEquals(-1, Files.mismatch(where.resolve("a"), where.resolve("b2")));
    }
  }

  @Test
  void testSmallestImage() throws Exception {
    Path image = dir.resolve("image");
    List<String> link =
        List.of("--add-modules", "java.base,java.instrument", "--output", image.toString());
    Jvm linked = Jvm.runTool(dir, "jlink", link);
    assertEquals(0, linked.exitCode(), linked::output);
    List<String> command = java(ours(), JvmProbe.COPY_WITH_NATIVE_CODE, dir);
    command.set(0, image.resolve("bin/java").toString());
    assertEquals(printed("true", "3"), Jvm.runCommand(dir, command));
  }

  @Test
  void testVerifiedClasses() throws Exception {
    String[] flags = {
      "-XX:+UnlockDiagnosticVMOptions",
      "-XX:+BytecodeVerificationLocal",
      "-XX:+BytecodeVerificationRemote"
    };
    assertCopies(flags);
    for (JvmProbe probe : List.of(JvmProbe.TRANSFERS, JvmProbe.COPY_AND_MOVE)) {
      assertAsStock(probe, flags);
    }
  }
}
