package dev.copyoffload.agent;

import dev.copyoffload.linux.Completion;
import dev.copyoffload.provider.AskedByJdk;
import dev.copyoffload.weave.JdkWeaver;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * Makes the JDK's own code ask us before it copies, before the program starts:
 *
 * <pre>{@code
 * java -javaagent:copyoffload-agent.jar[=key=value,...] ...
 * }</pre>
 *
 * <p>Says nothing, unless something is wrong: then one line on standard error, since a logger would
 * initialise the program's logging before the program does.
 */
public final class Agent {
  private static volatile @Nullable String obstacle;

  private Agent() {}

  /** Why the JDK's own code runs although the agent is there, or null. */
  static @Nullable String obstacle() {
    return obstacle;
  }

  /** Called by the JVM for {@code -javaagent}. */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    String problem = install(arguments, instrumentation);
    if (problem != null) {
      report(problem);
    }
  }

  /** Called by the JVM for {@code java -jar copyoffload-agent.jar}. */
  public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
    // Where the program was started in another way, doctor is to look at that one.
    if (System.getProperty("java.nio.file.spi.DefaultFileSystemProvider") == null) {
      premain(arguments, instrumentation);
    }
  }

  @SuppressWarnings("SystemOut") // see above
  private static void report(String problem) {
    System.err.println("copyoffload: " + problem);
  }

  /** Returns what is wrong, or null. */
  private static @Nullable String install(
      @Nullable String arguments, Instrumentation instrumentation) {
    if (hasSecurityManager()) {
      // The JDK asks it for every path, so the JDK's code must run.
      return null;
    }
    try {
      String problem = arguments == null ? null : Arguments.apply(arguments);
      if (problem == null) {
        if ("false".equals(System.getProperty("copyoffload.enabled"))) {
          return null;
        }
        if (!"Linux".equals(System.getProperty("os.name"))) {
          obstacle = "the operating system is not Linux";
          return null;
        }
      }
      if (problem == null) {
        problem = install(instrumentation);
      }
      obstacle = problem;
      return problem == null ? null : problem + "; the program runs without copyoffload";
    } catch (Throwable e) {
      // The JVM would not start. A JDK that we do not know is no news to a program: doctor tells.
      obstacle = isInstalled() ? null : e.toString();
      return null;
    }
  }

  /** A command line and an environment variable may both name the agent. */
  private static boolean isInstalled() {
    try {
      Class.forName("sun.nio.fs.CopyHook", false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  @SuppressWarnings("removal")
  private static boolean hasSecurityManager() {
    return System.getSecurityManager() != null;
  }

  private static @Nullable String install(Instrumentation instrumentation) throws Exception {
    Door door = new Door();
    door.pass(instrumentation);
    Completion.with(door);
    // Without names there is no problem, and no class to load.
    String names = System.getProperty("copyoffload.disable");
    String problem = names == null ? null : Arguments.problemOfNames(names);
    if (problem == null) {
      JdkWeaver.weave(instrumentation);
      AskedByJdk.install();
    }
    return problem;
  }
}
