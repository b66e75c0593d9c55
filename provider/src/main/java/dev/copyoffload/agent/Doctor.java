package dev.copyoffload.agent;

import dev.copyoffload.engine.Cancellation;
import dev.copyoffload.engine.CopyReport;
import dev.copyoffload.engine.Engine;
import dev.copyoffload.engine.FilePolicy;
import dev.copyoffload.engine.Outcome;
import dev.copyoffload.linux.Capability;
import dev.copyoffload.linux.Completion;
import dev.copyoffload.linux.Errno;
import dev.copyoffload.linux.Platform;
import dev.copyoffload.linux.SystemCalls;
import dev.copyoffload.provider.CopyingProvider;
import dev.copyoffload.provider.WrappingProvider;
import dev.copyoffload.transfer.FileChannelInternals;
import dev.copyoffload.weave.JdkWeaver;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tries out what works in and between directories, and in this JVM, and prints it. */
final class Doctor {
  private static final int COPY_SIZE = 1 << 20;
  private static final String JDK = "the JDK's own";

  private final PrintStream out;

  Doctor(PrintStream out) {
    this.out = out;
  }

  /**
   * Prints a report.
   *
   * @param directories one or two, as absolute paths
   */
  void report(List<Path> directories) throws BadDirectoryException {
    SystemCalls calls = Platform.load();
    // Before the first line: a directory that cannot be used is told by itself.
    for (Path directory : directories) {
      if (calls == null) {
        checkWithout(directory);
      } else {
        ProbeFile.in(directory, calls).close();
      }
    }
    jvm(calls != null);
    for (Path directory : directories) {
      out.println();
      out.println(directory + " (" + fileSystemOf(directory) + ")");
      probe(calls, directory, directory);
    }
    if (directories.size() == 2) {
      Path first = directories.get(0);
      Path second = directories.get(1);
      out.println();
      out.println("from " + first + " to " + second);
      probe(calls, first, second);
      out.println();
      out.println("from " + second + " to " + first);
      probe(calls, second, first);
    }
  }

  private void line(String name, String answer) {
    out.printf(Locale.ROOT, "  %-28s%s%n", name, answer);
  }

  private void jvm(boolean isNative) {
    out.println(
        "JDK "
            + Runtime.version()
            + ", "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    WrappingProvider installed = WrappingProvider.installed();
    boolean extended =
        FileSystems.getDefault().provider().getClass().getName().equals(CopyingProvider.EXTENSION);
    String obstacle = Agent.obstacle();
    boolean woven = Completion.isWithAgent() && obstacle == null;
    String mode =
        woven
            ? "agent"
            : extended ? "transparent" : installed == null ? "not installed" : installed.mode();
    if (installed != null) {
      obstacle = installed.obstacle();
    }
    line("mode", mode + (obstacle == null ? "" : ": " + obstacle));
    line("paths", Path.of("").getClass().getName());
    boolean copies = isNative && (woven || extended || installed != null);
    line("Files.copy, Files.move", copies ? unless(JdkWeaver.obstacleToCopies()) : JDK);
    line("FileChannel transfers", isNative ? transfers() : JDK);
    line("Unix-domain sockets", works(() -> UnixDomainSocketAddress.of(Path.of("socket"))));
    line("  bound to no address", works(Doctor::bindToNoAddress));
    line("Files.probeContentType", works(() -> Files.probeContentType(Path.of("page.html"))));
  }

  /** Looks at a channel, as what becomes of one depends on the JDK, the way in and the options. */
  private static String transfers() {
    // Every Linux has it.
    try (FileChannel channel = FileChannel.open(Path.of("/proc/self/stat"))) {
      if (channel.getClass().getName().startsWith("sun.nio.ch.OffloadFileChannel")) {
        return "offloaded, between channels that are opened by path";
      }
      boolean raw = "raw".equals(System.getProperty("copyoffload.channels"));
      if (raw || Agent.obstacle() != null || !Completion.isWithAgent()) {
        return JDK;
      }
      return unless(
          FileChannelInternals.areKnown()
              ? JdkWeaver.obstacleToTransfers()
              : "this JDK's channels are not as we know them");
    } catch (IOException e) {
      return JDK;
    }
  }

  private static String unless(@Nullable String obstacle) {
    return obstacle == null ? "offloaded" : JDK + ": " + obstacle;
  }

  private static Object bindToNoAddress() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(null);
      Path socket = ((UnixDomainSocketAddress) server.getLocalAddress()).getPath();
      Files.deleteIfExists(socket);
      return socket;
    }
  }

  private static String works(Feature feature) {
    try {
      feature.use();
      return "yes";
    } catch (IOException | RuntimeException | LinkageError e) {
      return "no: " + e;
    }
  }

  private void probe(@Nullable SystemCalls calls, Path from, Path to) throws BadDirectoryException {
    if (calls == null) {
      line(Capability.NATIVE.label(), "no: " + Platform.unavailabilityCause());
      line("a copy of 1 MiB", "by the JDK");
      return;
    }
    CapabilityProbe probe = new CapabilityProbe(calls, from, to);
    for (Capability capability : Capability.values()) {
      line(capability.label(), probe.answer(capability));
    }
    try (ProbeFile source = ProbeFile.in(from, calls).fill(COPY_SIZE);
        ProbeFile target = ProbeFile.in(to, calls)) {
      CopyReport report =
          new Engine(calls)
              .copyWhole(
                  source.descriptor(),
                  source.status(),
                  target.descriptor(),
                  target.status().device(),
                  FilePolicy.USUAL,
                  Cancellation.NEVER);
      line("a copy of 1 MiB", describe(report));
      if (!report.declined().isEmpty()) {
        line("  declined", report.declinedText());
      }
    }
  }

  private static String describe(CopyReport report) {
    if (report.end() instanceof Outcome.Failed failed) {
      return "fails: " + failed.call() + ", " + Errno.nameOf(failed.errno());
    }
    return "by "
        + report.method()
        + ": "
        + report.bytesShared()
        + " bytes shared, "
        + report.bytesMoved()
        + " moved";
  }

  private static String fileSystemOf(Path directory) {
    try {
      return Files.getFileStore(directory).type();
    } catch (IOException e) {
      // Without a mount table, as in a bare chroot, copies are the same.
      return "of an unknown type: " + e.getMessage();
    }
  }

  private static void checkWithout(Path directory) throws BadDirectoryException {
    if (!Files.isWritable(directory)) {
      throw new BadDirectoryException(directory + " cannot be used: it is not writable");
    }
  }

  /** Something of the JDK that not every mode has. */
  private interface Feature {
    Object use() throws IOException;
  }
}
