package dev.copyoffload.spi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Build tools as they are, once without and once with the agent in {@code JAVA_TOOL_OPTIONS}, on a
 * file system that shares extents.
 */
@ExtendWith(VolumesParameter.class)
@SuppressWarnings({
  "NullAway.Init", // set up before each test
  "SystemOut" // the log is to say what was shared
})
final class BuildToolsTest {
  private static final long SEED = 5;

  /**
   * So large that, on JDK 17, its copy waits for native code: what is copied behind it can be
   * shared however slowly that loads. JDK 25 shares by itself.
   */
  private static final int WAITED_FOR = (128 << 20) + 1;

  /** No multiple of a block: the rest of the last one must not get lost. */
  private static final int LARGE = 3_000_001;

  private static final int MANY = 120;

  private static final boolean JDK_SHARES = Runtime.version().feature() >= 20;

  private Path project;

  @BeforeEach
  void layOut(Volumes volumes) throws IOException {
    Volume btrfs =
        volumes.all().stream().filter(v -> v.name().equals("btrfs")).findFirst().orElseThrow();
    btrfs.require();
    project = Files.createTempDirectory(btrfs.root(), "build");
  }

  @AfterEach
  void delete() throws IOException {
    if (project != null) {
      TreeDeletion.of(project);
    }
  }

  @Test
  void testMaven() throws Exception {
    Path home = Path.of(System.getProperty("copyoffload.test.maven", "none"));
    Path maven = home.resolve("bin/mvn");
    assumeTrue(Files.isExecutable(maven), "Maven is not at " + home);
    Files.writeString(project.resolve("pom.xml"), POM);
    Files.writeString(project.resolve("assembly.xml"), ASSEMBLY);
    sources("src/main/resources");
    // The first that is copied by Files.copy; resources go through buffers of Maven's.
    file("lib/own.jar", WAITED_FOR);
    List<String> command =
        List.of(
            maven.toString(),
            "--batch-mode",
            "--no-transfer-progress",
            "-Dmaven.repo.local=" + System.getProperty("copyoffload.test.repository"),
            "resources:resources",
            "dependency:copy-dependencies",
            "assembly:single");

    Run stock = run(command, "MAVEN_OPTS", false);
    assumeTrue(
        stock.status == 0 || !stock.output.contains("PluginResolutionException"),
        "Maven cannot get its plug-ins");
    assertEquals(0, stock.status, stock.output);
    // resources:resources writes, and so gives new times; the others keep the old ones, and the
    // assembly keeps those of what it is made of.
    List<String> expected = tree("target", "target/dependency/");
    TreeDeletion.of(project.resolve("target"));
    Run offloaded = run(command, "MAVEN_OPTS", true);
    assertEquals(0, offloaded.status, offloaded.output);

    assertEquals(expected, tree("target", "target/dependency/"));
    assertEquals(stock.errors, offloaded.errors);
    assertShared("target/copies-1-all/classes/large-1", "target/copies-1-all/lib/own-1.jar");
    System.out.println("Maven: " + report("target"));
  }

  @Test
  void testAnt() throws Exception {
    Files.writeString(project.resolve("build.xml"), ANT);
    sources("src");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classPathOfAnt(),
            "org.apache.tools.ant.launch.Launcher",
            "-quiet");

    Run stock = run(command, "JDK_JAVA_OPTIONS", false);
    assertEquals(0, stock.status, stock.output);
    List<String> expected = tree("out", "out/kept/");
    TreeDeletion.of(project.resolve("out"));
    Run offloaded = run(command, "JDK_JAVA_OPTIONS", true);
    assertEquals(0, offloaded.status, offloaded.output);

    assertEquals(expected, tree("out", "out/kept/"));
    assertEquals(stock.errors, offloaded.errors);
    assertShared("out/kept/large-1", "out/kept/large-2");
    System.out.println("Ant: " + report("out"));
  }

  private static String classPathOfAnt() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.contains("test-classes") || entry.contains("org/apache/ant"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void sources(String directory) throws IOException {
    for (int i = 1; i <= 3; i++) {
      file(directory + "/large-" + i, LARGE);
    }
    for (int i = 0; i < MANY; i++) {
      file(directory + "/small/" + i, i * 211);
    }
    Files.setPosixFilePermissions(
        project.resolve(directory + "/large-1"), PosixFilePermissions.fromString("rwxr-x--x"));
    Files.setPosixFilePermissions(
        project.resolve(directory + "/small/7"), PosixFilePermissions.fromString("rw-r-----"));
  }

  private void file(String name, int size) throws IOException {
    Path file = project.resolve(name);
    Files.createDirectories(file.getParent());
    byte[] bytes = new byte[size];
    new Random(SEED + size).nextBytes(bytes);
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, Sandbox.OLD);
  }

  /** What a tool left: names, modes and bytes of all, times of those files where it keeps them. */
  private List<String> tree(String output, String timesKept) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(project.resolve(output))) {
      for (Path file : walk.sorted().toList()) {
        Path name = project.relativize(file);
        StringBuilder line = new StringBuilder(name.toString());
        line.append(' ').append(Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS));
        if (Files.isRegularFile(file)) {
          line.append(' ').append(Files.size(file)).append(' ').append(Snapshot.digest(file));
          if (name.toString().startsWith(timesKept)) {
            FileTime time = Files.getLastModifiedTime(file);
            // JDK 17 copies microseconds; copies of ours keep the nanoseconds.
            line.append(' ').append(time.toInstant().truncatedTo(ChronoUnit.MICROS));
          }
        }
        lines.add(line.toString());
      }
    }
    return lines;
  }

  private void assertShared(String... names) throws IOException {
    for (String name : names) {
      Path file = project.resolve(name);
      // But for the last block, as a range that ends in it can be shared only at the end of both.
      assertTrue(Extents.sharedBytes(file) >= LARGE - (64 << 10), name);
    }
    if (!JDK_SHARES) {
      assertTrue(
          copies().stream().mapToLong(copy -> copy.getLong("bytesShared")).sum()
              >= (long) names.length * (LARGE - (64 << 10)),
          () -> "events do not tell what was shared");
    }
  }

  private List<RecordedEvent> copies() throws IOException {
    return RecordingFile.readAllEvents(project.resolve("recording.jfr")).stream()
        .filter(event -> event.getEventType().getName().equals("dev.copyoffload.Copy"))
        .toList();
  }

  /** What was shared, by whom; what has no event went through no copy or transfer of ours. */
  private String report(String output) throws IOException {
    long bytes = 0;
    long shared = 0;
    int files = 0;
    try (Stream<Path> walk = Files.walk(project.resolve(output))) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files++;
        bytes += Files.size(file);
        shared += Files.size(file) == 0 ? 0 : Extents.sharedBytes(file);
      }
    }
    Map<String, Long> methods =
        copies().stream()
            .collect(
                Collectors.groupingBy(
                    copy ->
                        copy.getString("method").isEmpty()
                            ? copy.getString("outcome")
                            : copy.getString("method"),
                    Collectors.summingLong(c -> 1)));
    long ours = copies().stream().mapToLong(copy -> copy.getLong("bytesShared")).sum();
    return files
        + " files of "
        + bytes
        + " bytes, "
        + shared
        + " shared on disk, "
        + ours
        + " of these by copies with an event: "
        + methods;
  }

  private record Run(int status, String output, String errors) {}

  private Run run(List<String> command, String jvmOptions, boolean agent) throws Exception {
    File output = project.resolve("output").toFile();
    File errors = project.resolve("errors").toFile();
    ProcessBuilder builder = new ProcessBuilder(command).directory(project.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    // For speed.
    List<String> options = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    if (Runtime.version().feature() >= 24) {
      options.add("--enable-native-access=ALL-UNNAMED");
    }
    // Given to the tool alone, and not to what it starts.
    String tool = String.join(" ", options);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    if (agent) {
      builder
          .environment()
          .put("JAVA_TOOL_OPTIONS", "-javaagent:" + System.getProperty("copyoffload.test.agent"));
      tool += " -XX:StartFlightRecording=filename=" + project.resolve("recording.jfr");
    }
    builder.environment().put(jvmOptions, tool.strip());
    Process process = builder.redirectOutput(output).redirectError(errors).start();
    try {
      process.getOutputStream().close();
      assertTrue(process.waitFor(300, TimeUnit.SECONDS), () -> command + " does not end");
    } finally {
      process.destroyForcibly();
    }
    String ownErrors =
        Files.readString(errors.toPath(), UTF_8)
            .lines()
            // Of the JVM and its launcher.
            .filter(line -> !line.startsWith("Picked up JAVA_TOOL_OPTIONS: "))
            .filter(line -> !line.startsWith("NOTE: Picked up JDK_JAVA_OPTIONS: "))
            .collect(Collectors.joining("\n"));
    String all = Files.readString(output.toPath(), UTF_8) + ownErrors;
    return new Run(process.exitValue(), all, ownErrors);
  }

  private static final String POM =
      """
      <project xmlns="http://maven.apache.org/POM/4.0.0">
        <modelVersion>4.0.0</modelVersion>
        <groupId>example</groupId>
        <artifactId>copies</artifactId>
        <version>1</version>
        <properties><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
        <dependencies>
          <dependency>
            <groupId>example</groupId>
            <artifactId>own</artifactId>
            <version>1</version>
            <scope>system</scope>
            <systemPath>${project.basedir}/lib/own.jar</systemPath>
          </dependency>
        </dependencies>
        <build><plugins>
          <plugin><artifactId>maven-resources-plugin</artifactId><version>3.5.0</version></plugin>
          <plugin><artifactId>maven-dependency-plugin</artifactId><version>3.9.0</version></plugin>
          <plugin>
            <artifactId>maven-assembly-plugin</artifactId>
            <version>3.7.1</version>
            <configuration>
              <descriptors><descriptor>assembly.xml</descriptor></descriptors>
            </configuration>
          </plugin>
        </plugins></build>
      </project>
      """;

  private static final String ASSEMBLY =
      """
      <assembly xmlns="http://maven.apache.org/ASSEMBLY/2.2.0">
        <id>all</id>
        <formats><format>dir</format></formats>
        <includeBaseDirectory>false</includeBaseDirectory>
        <fileSets>
          <fileSet><directory>target/classes</directory><outputDirectory>classes</outputDirectory></fileSet>
          <fileSet><directory>target/dependency</directory><outputDirectory>lib</outputDirectory></fileSet>
        </fileSets>
      </assembly>
      """;

  private static final String ANT =
      """
      <project name="copies" default="copy">
        <available property="ours" classname="dev.copyoffload.CopyOffload"/>
        <target name="load" if="ours">
          <taskdef name="load-native-code" classname="dev.copyoffload.spi.LoadNativeCode"/>
          <load-native-code/>
        </target>
        <target name="copy" depends="load">
          <copy todir="out/kept" preservelastmodified="true"><fileset dir="src"/></copy>
          <copy todir="out/new"><fileset dir="src"/></copy>
        </target>
      </project>
      """;
}
