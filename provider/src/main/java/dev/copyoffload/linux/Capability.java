package dev.copyoffload.linux;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What can be switched off by {@code -Dcopyoffload.disable=ficlone,splice,…}, one name each in
 * lower case.
 */
public enum Capability {
  /** Native code at all; without it every copy is the JDK's. */
  NATIVE("native"),
  /** Reaching the kernel by the stub; without it by JNA. */
  STUB("stub"),
  /** Sharing whole files. */
  FICLONE("ficlone"),
  /** Sharing ranges. */
  FICLONERANGE("ficlonerange"),
  /** Copying on the server or inside the file system. */
  COPY_FILE_RANGE("copy_file_range"),
  /** Moving pages through a pipe of our own. */
  SPLICE("splice"),
  /** Moving pages through the kernel's pipe. */
  SENDFILE("sendfile"),
  /** Finding the holes of a source. */
  SEEK_HOLE("seek_hole");

  /** Whether the JDK's own Files.copy and transfers call copy_file_range(2), as from 20 on. */
  public static final boolean JDK_SHARES = Runtime.version().feature() >= 20;

  private final String label;
  private final boolean enabled;

  Capability(String label) {
    this.label = label;
    enabled = !isDisabled(label);
  }

  private static boolean isDisabled(String label) {
    try {
      String names = System.getProperty("copyoffload.disable");
      // Mostly there are none, and a first copy pays for nothing more.
      return names != null
          && ","
              .concat(names.replace(" ", "").toLowerCase(Locale.ROOT))
              .concat(",")
              .contains(",".concat(label).concat(","));
    } catch (SecurityException e) {
      // Under a security manager (JDK 17) the JDK's code runs anyway.
      return false;
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
