package dev.copyoffload.provider;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watching a directory by a wrapped path. */
@Timeout(60)
class WatchServiceTest {
  @TempDir private Path raw;

  @Test
  void testEvents() throws Exception {
    Path dir = Stock.wrap(raw);
    try (WatchService service = Stock.WRAPPED.newWatchService()) {
      WatchKey key = dir.register(service, ENTRY_CREATE);
      assertSame(key, dir.register(service, ENTRY_CREATE, ENTRY_DELETE));
      assertEquals(dir, key.watchable());
      assertTrue(key.isValid());
      assertNull(service.poll());

      Files.writeString(dir.resolve("new"), "x");
      assertSame(key, service.take());
      List<WatchEvent<?>> events = key.pollEvents();
      assertEquals(1, events.size());
      assertEquals(ENTRY_CREATE, events.get(0).kind());
      assertEquals(1, events.get(0).count());
      assertEquals(Stock.WRAPPED.getPath("new"), events.get(0).context());
      assertEquals(dir.resolve("new"), dir.resolve((Path) events.get(0).context()));
      assertTrue(key.reset());

      Files.delete(dir.resolve("new"));
      assertSame(key, service.poll(30, TimeUnit.SECONDS));
      assertEquals(ENTRY_DELETE, key.pollEvents().get(0).kind());
      key.cancel();
      assertFalse(key.isValid());
      assertFalse(key.reset());
    }
  }

  @Test
  void testClose() throws Exception {
    WatchService service = Stock.WRAPPED.newWatchService();
    WatchKey key = Stock.wrap(raw).register(service, ENTRY_CREATE);
    service.close();
    assertFalse(key.isValid());
    assertThrows(ClosedWatchServiceException.class, service::poll);
    assertThrows(ClosedWatchServiceException.class, service::take);
    assertThrows(
        ClosedWatchServiceException.class, () -> Stock.wrap(raw).register(service, ENTRY_CREATE));
  }

  @Test
  void testRawService_isAccepted() throws Exception {
    try (WatchService service = Stock.RAW.newWatchService()) {
      assertEquals(Stock.wrap(raw), Stock.wrap(raw).register(service, ENTRY_CREATE).watchable());
    }
  }
}
