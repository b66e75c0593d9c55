package dev.copyoffload.observe;

import dev.copyoffload.CopyOffloadMXBean;
import dev.copyoffload.linux.Platform;
import java.lang.management.ManagementFactory;
import java.util.Map;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * The management bean, if there is such a thing in this runtime and the program wants it.
 *
 * <p>Only the program starts the platform's MBean server: that takes a tenth of a second and the
 * first look-up of a logger.
 */
public final class Management {
  private static final String NAME = "dev.copyoffload:type=CopyOffload";

  private Management() {}

  /**
   * Registers the bean with the platform's MBean server, which is started if it does not run; does
   * nothing if the bean is registered.
   *
   * @throws UnsupportedOperationException if this runtime has no module java.management
   */
  public static void register() {
    if (ModuleLayer.boot().findModule("java.management").isEmpty()) {
      throw new UnsupportedOperationException("this runtime has no module java.management");
    }
    Server.register();
  }

  /** Apart, so that nothing of it is linked where java.management is missing. */
  private static final class Server {
    static void register() {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      try {
        ObjectName name = new ObjectName(NAME);
        if (!server.isRegistered(name)) {
          server.registerMBean(new Bean(), name);
        }
      } catch (InstanceAlreadyExistsException e) {
        // By another thread, or from another class loader: the name is taken either way.
        return;
      } catch (JMException e) {
        throw new IllegalStateException(NAME + " cannot be registered", e);
      }
    }
  }

  /** Reads the totals. */
  private static final class Bean implements CopyOffloadMXBean {
    @Override
    public boolean isAvailable() {
      return Platform.loaded() != null;
    }

    @Override
    public @Nullable String getUnavailabilityCause() {
      Throwable cause = Platform.unavailabilityCause();
      return cause == null ? null : cause.toString();
    }

    @Override
    public Map<String, Long> getCopiesByMethod() {
      return Totals.statistics().copiesByMethod();
    }

    @Override
    public Map<String, Long> getBytesByMethod() {
      return Totals.statistics().bytesByMethod();
    }

    @Override
    public long getBytesShared() {
      return Totals.statistics().bytesShared();
    }

    @Override
    public long getBytesMoved() {
      return Totals.statistics().bytesMoved();
    }

    @Override
    public long getBytesInHoles() {
      return Totals.statistics().bytesInHoles();
    }

    @Override
    public long getFailed() {
      return Totals.statistics().failed();
    }

    @Override
    public long getCancelled() {
      return Totals.statistics().cancelled();
    }

    @Override
    public long getLeftToJdk() {
      return Totals.statistics().leftToJdk();
    }

    @Override
    public void reset() {
      Totals.reset();
    }
  }
}
