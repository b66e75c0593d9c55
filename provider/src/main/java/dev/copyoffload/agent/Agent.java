package dev.copyoffload.agent;

import dev.copyoffload.provider.Copier;
import java.lang.instrument.Instrumentation;
import java.nio.file.FileSystems;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes ours the default file system provider before the program starts:
 *
 * <pre>{@code
 * java -javaagent:copyoffload-agent.jar[=key=value,...] ...
 * }</pre>
 *
 * <p>Says nothing, unless something is wrong: then one line on standard error, since a logger would
 * initialise the program's logging before the program does.
 */
public final class Agent {
  private static final String PROPERTY = "java.nio.file.spi.DefaultFileSystemProvider";
  private static final String OURS = "dev.copyoffload.OffloadFileSystemProvider";

  private Agent() {}

  /** Called by the JVM for {@code -javaagent}. */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    String problem = install(arguments, instrumentation);
    if (problem != null) {
      report(problem);
    }
  }

  /** Called by the JVM for {@code java -jar copyoffload-agent.jar}. */
  public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
    premain(arguments, instrumentation);
  }

  @SuppressWarnings("SystemOut") // see above
  private static void report(String problem) {
    System.err.println("copyoffload: " + problem);
  }

  /** Returns what is wrong, or null. */
  private static @Nullable String install(
      @Nullable String arguments, Instrumentation instrumentation) {
    try {
      String problem = arguments == null ? null : Arguments.apply(arguments);
      if (problem == null) {
        if ("false".equals(System.getProperty("copyoffload.enabled"))) {
          return null;
        }
        problem = obstacle();
      }
      return problem == null
          ? install(instrumentation)
          : problem + "; the JVM goes on without copyoffload";
    } catch (Throwable e) {
      // The JVM would not start; of what is broken now it will hear from whoever needs it.
      return "the agent failed: " + e;
    }
  }

  /** Why the JVM would not find our provider, or would gain nothing by it. */
  private static @Nullable String obstacle() {
    if (!"Linux".equals(System.getProperty("os.name"))) {
      return "the operating system is not Linux";
    }
    ClassLoader system = ClassLoader.getSystemClassLoader();
    // Later JDKs look for the provider in their own loader, and the agent is in the program's.
    if (system.getClass().getClassLoader() != null || Agent.class.getClassLoader() != system) {
      return "java.system.class.loader is set";
    }
    return null;
  }

  private static @Nullable String install(Instrumentation instrumentation) {
    // First of all: whatever asks for the default file system fixes it for good.
    String others = System.getProperty(PROPERTY);
    if (others == null) {
      System.setProperty(PROPERTY, "dev.copyoffload.provider.Copier");
    } else if (!others.contains(OURS)) {
      // Ours first: theirs is then built upon files of the JDK's own class.
      System.setProperty(PROPERTY, OURS.concat(",").concat(others));
    }
    openJdkPackages(instrumentation);
    String installed = FileSystems.getDefault().provider().getClass().getName();
    TransferTransformer.start(instrumentation);
    if (others == null) {
      // A program that hands its properties on to another JVM must not hand on this one.
      System.clearProperty(PROPERTY);
    } else {
      System.setProperty(PROPERTY, others);
    }
    return installed.equals(Copier.EXTENSION) ? null : Diagnosis.ofInstallation();
  }

  private static void openJdkPackages(Instrumentation instrumentation) {
    Set<Module> us = Set.of(Agent.class.getModule());
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of("sun.nio.fs", us, "sun.nio.ch", us, "java.lang.invoke", us),
        Set.of(),
        Map.of());
  }
}
