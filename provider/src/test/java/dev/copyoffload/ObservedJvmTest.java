package dev.copyoffload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.linux.NativeCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a whole program sees of being observed, or pays for not being. */
class ObservedJvmTest {
  private static final JvmProbe PROBE = JvmProbe.COPY_WITH_NATIVE_CODE;

  @TempDir private Path temporary;

  private Jvm run(String... flags) throws Exception {
    NativeCode.require();
    Path dir = Files.createDirectory(temporary.resolve("d" + flags.length));
    return Jvm.runOffloaded(dir, PROBE, flags);
  }

  @Test
  void testNothingAsked_nothingLoaded() throws Exception {
    Path log = temporary.resolve("classes.txt");
    Jvm jvm = run("-Xlog:class+load:file=" + log);
    assertTrue(jvm.output().contains("> 3"), jvm.output());
    List<String> classes = Files.readAllLines(log);
    assertTrue(classes.stream().anyMatch(line -> line.contains("dev.copyoffload.observe.")));
    for (String line : classes) {
      assertFalse(line.matches(".* dev[.]copyoffload[.]observe[.]\\w*Event .*"), line);
      assertFalse(line.contains(" jdk.jfr.internal."), line);
      assertFalse(line.contains(" sun.management."), line);
      assertFalse(line.contains(" javax.management.MBeanServer "), line);
    }
  }

  @Test
  void testModulesMissing() throws Exception {
    Jvm jvm = run("--limit-modules", "java.base,java.logging");
    assertTrue(jvm.output().contains("> true\n"), jvm.output());
    assertTrue(jvm.output().contains("> 3"), jvm.output());
  }

  @Test
  void testRecording() throws Exception {
    Path recording = temporary.resolve("recording.jfr");
    Jvm jvm = run("-XX:StartFlightRecording=filename=" + recording);
    assertEquals(0, jvm.exitCode(), jvm.output());
    List<RecordedEvent> events = RecordingFile.readAllEvents(recording);
    assertEquals(1, count(events, "dev.copyoffload.Load"));
    assertEquals(3, count(events, "dev.copyoffload.Copy"));
    RecordedEvent load =
        events.stream()
            .filter(event -> event.getEventType().getName().equals("dev.copyoffload.Load"))
            .findAny()
            .orElseThrow();
    assertTrue(load.getBoolean("available"));
    assertTrue(load.getDuration("took").toNanos() > 0);
  }

  @Test
  void testRecording_nativeCodeOff() throws Exception {
    Path recording = temporary.resolve("recording.jfr");
    run("-XX:StartFlightRecording=filename=" + recording, "-Dcopyoffload.disable=native");
    List<RecordedEvent> events = RecordingFile.readAllEvents(recording);
    List<String> outcomes =
        events.stream()
            .filter(event -> event.getEventType().getName().equals("dev.copyoffload.Copy"))
            .map(event -> event.getString("outcome"))
            .toList();
    assertEquals(Collections.nCopies(3, "left to the JDK: there is no native code"), outcomes);
    RecordedEvent load =
        events.stream()
            .filter(event -> event.getEventType().getName().equals("dev.copyoffload.Load"))
            .findAny()
            .orElseThrow();
    assertFalse(load.getBoolean("available"));
    assertTrue(load.getString("reason").contains("copyoffload.disable=native"));
  }

  @Test
  void testLog_outsideOfTransfer() throws Exception {
    NativeCode.require();
    List<String> arguments =
        List.of(
            "-Dcopyoffload.log=true",
            "-cp",
            Jvm.classPath(),
            LoggedTransfer.class.getName(),
            temporary.toString());
    Jvm jvm = Jvm.runJava(temporary.resolve("run"), arguments);
    assertTrue(jvm.output().contains("closed\n"), jvm.output());
  }

  private static long count(List<RecordedEvent> events, String name) {
    return events.stream().filter(event -> event.getEventType().getName().equals(name)).count();
  }
}
