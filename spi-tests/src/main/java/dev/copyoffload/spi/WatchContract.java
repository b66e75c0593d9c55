package dev.copyoffload.spi;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/** {@link WatchService}: a key is the same key, and events name paths of the same provider. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
public abstract class WatchContract extends DiskContract {
  @Test
  final void testTake() throws IOException, InterruptedException {
    try (Sandbox s = sandbox()) {
      Path directory = s.to("");
      WatchService service = directory.getFileSystem().newWatchService();
      try (service) {
        WatchKey key = directory.register(service, ENTRY_CREATE, ENTRY_DELETE);
        assertEquals(directory, key.watchable());
        assertTrue(key.isValid());

        Files.copy(s.file("a", 70_000).from("a"), s.to("b"));
        assertEvent(service, key, ENTRY_CREATE, directory);
        Files.delete(s.to("b"));
        assertEvent(service, key, ENTRY_DELETE, directory);

        key.cancel();
        assertFalse(key.isValid());
      }
      assertThrows(ClosedWatchServiceException.class, service::poll);
    }
  }

  private static void assertEvent(
      WatchService service, WatchKey key, WatchEvent.Kind<Path> kind, Path directory)
      throws InterruptedException {
    WatchKey signalled = requireNonNull(service.poll(30, TimeUnit.SECONDS));
    assertSame(key, signalled);
    WatchEvent<?> event = signalled.pollEvents().get(0);
    assertSame(kind, event.kind());
    Path context = kind.type().cast(event.context());
    assertEquals(directory.getFileSystem().getPath("b"), context);
    assertEquals(directory.resolve("b"), directory.resolve(context));
    assertTrue(signalled.reset());
  }
}
