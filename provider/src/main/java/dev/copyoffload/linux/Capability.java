package dev.copyoffload.linux;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What can be switched off by {@code -Dcopyoffload.disable=ficlone,splice,…}, one name each in
 * lower case.
 */
public enum Capability {
  /** Native code at all; without it every copy is the JDK's. */
  NATIVE,
  /** Reaching the kernel by the stub; without it by JNA. */
  STUB,
  /** Sharing whole files. */
  FICLONE,
  /** Sharing ranges. */
  FICLONERANGE,
  /** Copying on the server or inside the file system. */
  COPY_FILE_RANGE,
  /** Moving pages through a pipe of our own. */
  SPLICE,
  /** Moving pages through the kernel's pipe. */
  SENDFILE,
  /** Finding the holes of a source. */
  SEEK_HOLE;

  private final String label = name().toLowerCase(Locale.ROOT);
  private final boolean enabled = !names().contains(",".concat(label).concat(","));

  private static String names() {
    try {
      String names = System.getProperty("copyoffload.disable", "");
      return ",".concat(names.replace(" ", "").toLowerCase(Locale.ROOT)).concat(",");
    } catch (SecurityException e) {
      // Under a security manager (JDK 17) the JDK's code runs anyway.
      return "";
    }
  }

  /** The capability of a name as in {@code copyoffload.disable}, or null if there is none. */
  public static @Nullable Capability named(String name) {
    String wanted = name.strip().toUpperCase(Locale.ROOT);
    for (Capability capability : values()) {
      if (capability.name().equals(wanted)) {
        return capability;
      }
    }
    return null;
  }

  /** The name used in {@code copyoffload.disable}, in events and in reports. */
  public String label() {
    return label;
  }

  /** Whether the user left this switched on; says nothing of what a file system can do. */
  public boolean isEnabled() {
    return enabled;
  }
}
