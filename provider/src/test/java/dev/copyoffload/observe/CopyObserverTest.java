package dev.copyoffload.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.copyoffload.CopyStatistics;
import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Outcome;
import dev.copyoffload.engine.Reason;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.TabularData;
import jdk.jfr.DataAmount;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.Timespan;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyObserverTest {
  private static final Path SOURCE = Path.of("/from");
  private static final Path TARGET = Path.of("/to");
  private static final CopyReport SHARED =
      new CopyReport(new Outcome.Completed(100), 100, 0, 0, "ficlone", List.of());
  private static final CopyReport MOVED =
      new CopyReport(
          new Outcome.Completed(60),
          0,
          10,
          50,
          "splice+sendfile",
          List.of(refused(18), new Reason.Tried("x", "x", Reason.Rule.DISABLED)));
  private static final CopyReport FAILED =
      new CopyReport(
          new Outcome.Failed(7, "pwrite64", 28), 0, 7, 0, "read/write", List.of(refused(18)));
  private static final CopyReport CANCELLED =
      new CopyReport(new Outcome.Cancelled(5), 5, 0, 0, "ficlonerange", List.of());

  /** What an option requires, and no method can do. */
  private static final CopyReport DECLINED =
      new CopyReport(
          new Outcome.Declined(0, new Reason.Refused(95)), 0, 0, 0, "none", List.of(refused(95)));

  @TempDir private Path dir;

  private static Reason.Tried refused(int errno) {
    return new Reason.Tried("ficlone", "ioctl(FICLONE)", new Reason.Refused(errno));
  }

  @BeforeEach
  void reset() {
    Totals.reset();
  }

  private static void observe(CopyReport report) {
    CopyObserver.ended(CopyObserver.started(), SOURCE, TARGET, report);
  }

  private static long allocatedByCopies(int copies) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(self);
    for (int i = 0; i < copies; i++) {
      CopyObserver.ended(CopyObserver.started(), SOURCE, TARGET, MOVED);
    }
    return threads.getThreadAllocatedBytes(self) - before;
  }

  /** Less than one byte a copy: asking for the number of bytes takes some itself. */
  @Test
  void testNothingRecorded_allocatesNothing() throws IOException {
    int copies = 20_000;
    allocatedByCopies(copies);
    assertTrue(allocatedByCopies(copies) < copies, "before any recording");
    try (Recording recording = new Recording()) {
      recording.enable("dev.copyoffload.Copy");
      recording.start();
      assertTrue(allocatedByCopies(copies) > copies, "a recording that is paid for");
    }
    allocatedByCopies(copies);
    assertTrue(allocatedByCopies(copies) < copies, "after a recording");
    try (Recording recording = new Recording()) {
      recording.disable("dev.copyoffload.Copy");
      recording.start();
      assertNull(CopyObserver.started());
      allocatedByCopies(copies);
      assertTrue(allocatedByCopies(copies) < copies, "in a recording without our event");
    }
  }

  @Test
  void testEvent() throws IOException {
    Path file = dir.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("dev.copyoffload.Copy").withThreshold(Duration.ZERO);
      recording.start();
      observe(MOVED);
      observe(FAILED);
      Object left = Objects.requireNonNull(CopyObserver.copyLeftToJdk(), "somebody records");
      CopyObserver.left(left, SOURCE, TARGET, Reason.Rule.NOT_LOADED);
      observe(DECLINED);
      observe(CANCELLED);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("dev.copyoffload.Copy"))
            .toList();
    assertEquals(5, events.size());
    assertEquals("declined", events.get(3).getString("outcome"));
    assertEquals("cancelled", events.get(4).getString("outcome"));
    RecordedEvent moved = events.get(0);
    assertEquals("dev.copyoffload.Copy", moved.getEventType().getName());
    assertEquals("/from", moved.getString("source"));
    assertEquals("/to", moved.getString("target"));
    assertEquals(60, moved.getLong("bytes"));
    assertEquals(0, moved.getLong("bytesShared"));
    assertEquals(10, moved.getLong("bytesMoved"));
    assertEquals(50, moved.getLong("holes"));
    assertEquals("splice+sendfile", moved.getString("method"));
    assertEquals("ficlone: EXDEV, x: disabled", moved.getString("declined"));
    assertEquals("completed", moved.getString("outcome"));
    // Who copied: of a loop, the method that has it.
    assertTrue(moved.getStackTrace().toString().contains("testEvent"), moved::toString);
    assertEquals("pwrite64 failed with errno 28", events.get(1).getString("outcome"));
    assertEquals("/from", events.get(2).getString("source"));
    assertEquals("", events.get(2).getString("method"));
    assertEquals("", events.get(2).getString("declined"));
    assertEquals(
        "left to the JDK: native code is not loaded yet", events.get(2).getString("outcome"));
    assertEquals(1, Totals.statistics().leftToJdk());
  }

  @Test
  void testEventFields_areDescribed() {
    for (EventType type :
        List.of(EventType.getEventType(CopyEvent.class), EventType.getEventType(LoadEvent.class))) {
      assertEquals(List.of("Copyoffload"), type.getCategoryNames());
      for (ValueDescriptor field : type.getFields()) {
        if (!List.of("startTime", "duration", "eventThread").contains(field.getName())) {
          assertTrue(field.getLabel() != null && field.getDescription() != null, field.getName());
          assertEquals(
              field.getTypeName().equals("long"),
              (field.getAnnotation(DataAmount.class) != null
                  || field.getAnnotation(Timespan.class) != null),
              field.getName());
        }
      }
    }
  }

  @Test
  void testStatistics() {
    observe(SHARED);
    observe(SHARED);
    observe(MOVED);
    observe(FAILED);
    observe(CANCELLED);
    CopyObserver.moveLeftToJdk();
    CopyStatistics statistics = Totals.statistics();
    assertEquals(Map.of("ficlone", 2L, "splice+sendfile", 1L), statistics.copiesByMethod());
    assertEquals(Map.of("ficlone", 200L, "splice+sendfile", 60L), statistics.bytesByMethod());
    assertEquals(205, statistics.bytesShared());
    assertEquals(17, statistics.bytesMoved());
    assertEquals(50, statistics.bytesInHoles());
    assertEquals(1, statistics.failed());
    assertEquals(1, statistics.cancelled());
    assertEquals(1, statistics.leftToJdk());
    Totals.reset();
    assertEquals(new CopyStatistics(Map.of(), Map.of(), 0, 0, 0, 0, 0, 0), Totals.statistics());
  }

  @Test
  void testMBean() throws Exception {
    Management.register();
    Management.register();
    observe(MOVED);
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("dev.copyoffload:type=CopyOffload");
    var copies = (TabularData) server.getAttribute(name, "CopiesByMethod");
    assertEquals(1L, copies.get(new Object[] {"splice+sendfile"}).get("value"));
    AttributeList values =
        server.getAttributes(
            name,
            new String[] {
              "BytesShared", "BytesMoved", "BytesInHoles", "Failed", "Cancelled", "LeftToJdk"
            });
    assertEquals(
        List.of(0L, 10L, 50L, 0L, 0L, 0L),
        values.asList().stream().map(Attribute::getValue).toList());
    server.invoke(name, "reset", new Object[0], new String[0]);
    assertEquals(0L, server.getAttribute(name, "BytesMoved"));
  }

  @Test
  void testMBean_registeredWhereJvmIsManaged() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("dev.copyoffload:type=CopyOffload");
    if (server.isRegistered(name)) {
      server.unregisterMBean(name);
    }
    CopyObserver.loaded();
    assertFalse(server.isRegistered(name), "a server of the program's own is not ours to use");
    System.setProperty("com.sun.management.jmxremote", "");
    try {
      CopyObserver.loaded();
      assertTrue(server.isRegistered(name));
    } finally {
      System.clearProperty("com.sun.management.jmxremote");
    }
  }
}
