package dev.copyoffload.agent;

import dev.copyoffload.provider.Mode;
import dev.copyoffload.provider.WrappingProvider;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why the default provider is not what the agent wanted; loaded only where it is not. */
final class Diagnosis {
  private Diagnosis() {}

  /** Says what is there instead of an extension of the JDK's provider; null if that is as asked. */
  static @Nullable String ofInstallation() {
    WrappingProvider installed = WrappingProvider.installed();
    if (installed == null) {
      return tooLate() + ", every copy is the JDK's own";
    }
    if (installed.mode() != Mode.WRAPPING) {
      return null;
    }
    String obstacle = installed.obstacle();
    return (obstacle == null ? tooLate() : obstacle) + ", paths are wrapped";
  }

  private static String tooLate() {
    String cause;
    if (Diagnosis.class.getProtectionDomain().getCodeSource().getCodeSigners() != null) {
      cause = "its jar is signed; use the one that is not";
    } else if (isAotCacheGiven()) {
      cause = "it is in the AOT cache; leave -XX:AOTCache out";
    } else {
      cause = "put -javaagent:copyoffload-agent.jar before every other -javaagent";
    }
    return "the default file system was there before the agent (" + cause + ")";
  }

  private static boolean isAotCacheGiven() {
    StringBuilder commandLine = new StringBuilder();
    for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
      commandLine.append(System.getenv(variable)).append(' ');
    }
    try (FileInputStream in = new FileInputStream("/proc/self/cmdline")) {
      commandLine.append(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      // Then what the environment says has to do.
      commandLine.append(e);
    }
    return commandLine.indexOf("-XX:AOTCache") >= 0;
  }
}
