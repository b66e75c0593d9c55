package dev.copyoffload.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the kernel is reached, and what may be in the way. */
class PlatformTest {
  /** Finds a class of ours only while it holds a lock, as an application server's loader may. */
  private static final class LockingLoader extends URLClassLoader {
    static {
      registerAsParallelCapable();
    }

    final Object lock = new Object();
    final CountDownLatch asked = new CountDownLatch(1);

    LockingLoader() throws ClassNotFoundException {
      super(
          new URL[] {locationOf(Platform.class), locationOf(Class.forName("com.sun.jna.Native"))},
          ClassLoader.getPlatformClassLoader());
    }

    private static URL locationOf(Class<?> type) {
      return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.endsWith(".Place")) {
        return super.loadClass(name, resolve);
      }
      asked.countDown();
      synchronized (lock) {
        return super.loadClass(name, resolve);
      }
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void testCalls_whileCallerHoldsWhatTheLoadingThreadNeeds() throws Exception {
    requireStub();
    try (LockingLoader loader = new LockingLoader()) {
      Class<?> platform = loader.loadClass(Platform.class.getName());
      Method calls = platform.getMethod("calls");
      Thread loading = new Thread(() -> invoke(calls));
      synchronized (loader.lock) {
        loading.start();
        assertTrue(loader.asked.await(30, TimeUnit.SECONDS), "the lock was not asked for");
        assertNull(invoke(calls), "loaded without the lock");
        assertEquals(false, platform.getMethod("isUnavailable").invoke(null));
      }
      loading.join();
      assertNotNull(invoke(calls));
    }
  }

  private static @Nullable Object invoke(Method method) {
    try {
      return method.invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(method.toString(), e);
    }
  }

  /** On the machines of these tests it must be there. */
  private static void requireStub() {
    assumeTrue(Capability.STUB.isEnabled(), "copyoffload.disable=stub");
    NativeCode.require();
    assertNull(Platform.stubObstacle());
  }

  private static String load(@Nullable Path directory) {
    return String.valueOf(new Place().isPrivate(directory == null ? "" : directory.toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwx---", "rwxrwxrwx", "rwx-w-r-x", "rwx---rwx"})
  void testPlace_whereOthersMayWrite(String permissions, @TempDir Path parent) throws Exception {
    requireStub();
    Path directory = Files.createDirectory(parent.resolve("shared"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    assertEquals("false", load(directory));
    Path inside = Files.createDirectory(directory.resolve("own"));
    Files.setPosixFilePermissions(inside, PosixFilePermissions.fromString("rwx------"));
    assertEquals("false", load(inside), "others may rename its parent's entries");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwx------", "rwxr-xr-x"})
  void testPlace_whereOnlyTheUserWrites(String permissions, @TempDir Path parent) throws Exception {
    requireStub();
    Path directory = Files.createDirectory(parent.resolve("own"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    assertEquals("true", load(directory));
  }

  @Test
  void testPlace_leavesNothingBehindAndOverwritesNothing(@TempDir Path directory) throws Exception {
    requireStub();
    Place place = new Place();
    String file = directory.resolve("taken").toString();
    assertTrue(place.create(file, "mine".getBytes(StandardCharsets.US_ASCII)));
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(file))));
    assertEquals(false, place.create(file, new byte[] {1}), "replaced a file");
    assertEquals("mine", Files.readString(Path.of(file)));
    place.delete(file);
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("elsewhere"));
    assertEquals(false, place.create(link.toString(), new byte[] {1}), "followed a link");
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(1, left.count());
    }
  }
}
