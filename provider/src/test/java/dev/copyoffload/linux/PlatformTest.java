package dev.copyoffload.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loading native code when the program is in its way; each test has a platform of its own. */
class PlatformTest {
  /** Finds JNA only while it holds a lock, as the loader of an application server may. */
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
      if (!name.startsWith("com.sun.jna.")) {
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
  void testLoad_whileCallerHoldsWhatTheLoaderNeeds() throws Exception {
    NativeCode.require();
    try (LockingLoader loader = new LockingLoader()) {
      Class<?> platform = loader.loadClass(Platform.class.getName());
      Method load = platform.getMethod("load", long.class);
      synchronized (loader.lock) {
        assertNull(load.invoke(null, 1L), "loaded without the lock");
        assertEquals(0, loader.asked.getCount(), "the lock was not asked for");
        assertEquals(false, platform.getMethod("isUnavailable").invoke(null));
      }
      assertNotNull(load.invoke(null, TimeUnit.MINUTES.toSeconds(1)));
    }
  }
}
