package dev.copyoffload.spi.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.copyoffload.file.FileCopies;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/**
 * A JVM that runs {@link CopyLoop}, with strace(1) on its copying thread for one copy at a time.
 */
final class TracedJvm implements AutoCloseable {
  private static final int SECONDS_A_COPY = 30;

  private final Process jvm;
  private final BufferedReader out;
  private final PrintStream in;
  private final String thread;

  TracedJvm(String disabled) throws Exception {
    List<String> classPath = new ArrayList<>();
    for (Class<?> type :
        List.of(
            CopyLoop.class,
            FileCopies.class,
            Class.forName("com.sun.jna.Native", false, TracedJvm.class.getClassLoader()))) {
      classPath.add(
          Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Dcopyoffload.disable=" + disabled,
                "-cp",
                String.join(File.pathSeparator, classPath),
                CopyLoop.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    out = new BufferedReader(new InputStreamReader(jvm.getInputStream(), UTF_8));
    in = new PrintStream(jvm.getOutputStream(), true, UTF_8);
    thread = String.valueOf(out.readLine());
    if (!thread.matches("\\d+")) {
      close();
      throw new TestAbortedException(thread);
    }
  }

  /** Copies without faults and returns what the program says of it. */
  String copy(Path source, Path target) throws Exception {
    in.println(source);
    in.println(target);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_A_COPY);
    while (!out.ready()) {
      if (System.nanoTime() > deadline) {
        // A thread that waits in a system call would outlive this JVM.
        close();
        throw new AssertionError("the copy does not end");
      }
      Thread.sleep(1);
    }
    return String.valueOf(out.readLine());
  }

  /**
   * Copies under strace.
   *
   * @param log gets the calls that were traced
   * @param options what to trace and inject
   */
  String copyTraced(Path source, Path target, Path log, List<String> options) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("strace", "-s", "0", "-e", "signal=none", "-o", log.toString()));
    command.addAll(options);
    command.addAll(List.of("-p", thread));
    Process strace = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      BufferedReader messages =
          new BufferedReader(new InputStreamReader(strace.getInputStream(), UTF_8));
      String message = String.valueOf(messages.readLine());
      if (!message.contains("attached")) {
        throw new TestAbortedException("strace: " + message);
      }
      return copy(source, target);
    } finally {
      // Ended by a signal it lets go of the thread, which then runs on.
      strace.destroy();
      if (!strace.waitFor(10, TimeUnit.SECONDS)) {
        strace.destroyForcibly();
      }
    }
  }

  static boolean isPossible() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)
          && new ProcessBuilder("strace", "-V")
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor()
              == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  @Override
  public void close() {
    jvm.destroyForcibly();
  }
}
