package dev.copyoffload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs run as they are, without and with the property that makes ours the default provider. */
class DefaultProviderTest {
  private static final boolean JDK_CASTS = Runtime.version().feature() <= 21;

  @TempDir private Path temporary;

  /** What programs print on the JDK's own provider, which two tests want to know. */
  private static final Map<JvmProbe, Jvm> STOCK = new EnumMap<>(JvmProbe.class);

  private Path dir() throws Exception {
    return Files.createTempDirectory(temporary, "d");
  }

  private Jvm stock(JvmProbe probe) throws Exception {
    Jvm known = STOCK.get(probe);
    if (known == null) {
      known = Jvm.runStock(dir(), probe);
      assertEquals(0, known.exitCode(), known::output);
      assertTrue(known.output().contains("> "), known::output);
      STOCK.put(probe, known);
    }
    return known;
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
        "OWN_JNA",
        "MOCK",
        "PROGRAM",
        "RAW_NAMES",
        "REFUSED",
        "REFUSED_CALLS",
        "PROPERTIES",
        "PROBE_CONTENT_TYPE",
        "UNIX_DOMAIN_SOCKET",
        "UNIX_DOMAIN_SOCKET_WITHOUT_ADDRESS"
      })
  void testSameAsStock(JvmProbe probe) throws Exception {
    Jvm stock = stock(probe);
    assertEquals(stock, Jvm.runOffloaded(dir(), probe));
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
        "REFUSED_CALLS",
        "PROPERTIES",
        "UNIX_DOMAIN_SOCKET_WITHOUT_ADDRESS"
      })
  void testTransparent_sameAsStock(JvmProbe probe) throws Exception {
    Jvm stock = stock(probe);
    assertEquals(stock, Jvm.runTransparent(dir(), probe));
  }

  @Test
  void testTransparent_showsPathsOfTheJdk() throws Exception {
    assertEquals(
        "> sun.nio.fs.UnixPath\n> sun.nio.fs.OffloadLinuxFileSystemProvider\n> true\n",
        Jvm.runTransparent(dir(), JvmProbe.DEFAULT_PROVIDER).output());
  }

  @Test
  void testTransparent_flightRecorderStarts() throws Exception {
    Path recording = temporary.resolve("recording.jfr");
    Jvm jvm =
        Jvm.runTransparent(dir(), JvmProbe.WALK, "-XX:StartFlightRecording=filename=" + recording);
    assertEquals(0, jvm.exitCode(), jvm::output);
    assertTrue(Files.size(recording) > 0);
  }

  @Test
  void testSwitchedOff_isStock() throws Exception {
    Jvm stock = Jvm.runStock(dir(), JvmProbe.DEFAULT_PROVIDER);
    assertTrue(stock.output().contains("sun.nio.fs.LinuxFileSystemProvider"), stock::output);
    String off = "-Dcopyoffload.enabled=false";
    assertEquals(stock, Jvm.runOffloaded(dir(), JvmProbe.DEFAULT_PROVIDER, off));
    assertEquals(stock, Jvm.runTransparent(dir(), JvmProbe.DEFAULT_PROVIDER, off));
  }

  /** As on a JDK whose class cannot be extended. */
  @Test
  void testTransparent_fallsBackToWrapping() throws Exception {
    Path first = dir();
    Path source = first.resolve("OffloadLinuxFileSystemProviderBytes.java");
    Files.writeString(
        source,
        "package dev.copyoffload.provider;"
            + " class OffloadLinuxFileSystemProviderBytes { static byte[] get() {"
            + " return new byte[] {1, 2, 3, 4, 5, 6, 7, 8}; } }");
    String[] arguments = {"-d", first.toString(), source.toString()};
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments));
    Jvm jvm = Jvm.runTransparent(first, dir(), JvmProbe.DEFAULT_PROVIDER);
    assertTrue(jvm.output().startsWith("> dev.copyoffload.provider.OffloadPath\n"), jvm::output);
    // Standard error is the program's.
    assertEquals(
        Jvm.runStock(dir(), JvmProbe.COPY_AND_MOVE),
        Jvm.runTransparent(first, dir(), JvmProbe.COPY_AND_MOVE));
    jvm = Jvm.doctor(first, dir());
    assertTrue(
        jvm.output().contains("  mode                        wrapping: this JDK's "), jvm::output);
    assertTrue(jvm.output().contains("cannot be extended: java.lang.ClassFormat"), jvm::output);
  }

  @Test
  void testProbeContentType() throws Exception {
    assumeFalse(JDK_CASTS, "JDK 17 and 21 cast the default provider to its own class");
    assertEquals(
        Jvm.runStock(dir(), JvmProbe.PROBE_CONTENT_TYPE),
        Jvm.runOffloaded(dir(), JvmProbe.PROBE_CONTENT_TYPE));
  }

  /** A limit, kept here so that a change of it is noticed. */
  @Test
  void testProbeContentType_fails() throws Exception {
    assumeTrue(JDK_CASTS, "later JDKs ask their own provider");
    Jvm jvm = Jvm.runOffloaded(dir(), JvmProbe.PROBE_CONTENT_TYPE);
    assertTrue(jvm.output().contains("ClassCastException"), jvm::output);
  }

  /** A limit, kept here so that a change of it is noticed. */
  @Test
  void testUnixDomainSocket_isRefused() throws Exception {
    assertEquals("> true\n", Jvm.runStock(dir(), JvmProbe.UNIX_DOMAIN_SOCKET).output());
    Jvm jvm = Jvm.runOffloaded(dir(), JvmProbe.UNIX_DOMAIN_SOCKET);
    assertNotEquals(0, jvm.exitCode());
    assertTrue(jvm.output().contains("java.lang.IllegalArgumentException"), jvm::output);
  }

  @Test
  void testFlightRecorder_starts() throws Exception {
    Path recording = temporary.resolve("recording.jfr");
    Jvm jvm =
        Jvm.runOffloaded(dir(), JvmProbe.WALK, "-XX:StartFlightRecording=filename=" + recording);
    assertEquals(0, jvm.exitCode(), jvm::output);
    assertTrue(Files.size(recording) > 0);
  }

  @Test
  void testNothingCopied_loadsNoNativeCode() throws Exception {
    for (JvmProbe probe : List.of(JvmProbe.WALK, JvmProbe.FILES_AND_PATHS, JvmProbe.JARS)) {
      Jvm jvm = Jvm.runOffloaded(dir(), probe, "-Xlog:class+load");
      assertTrue(jvm.output().contains("dev.copyoffload.provider.OffloadPath "), jvm::output);
      assertFalse(jvm.output().contains("com.sun.jna"), jvm::output);
      assertFalse(jvm.output().contains("dev.copyoffload.file.File"), jvm::output);
    }
  }
}
