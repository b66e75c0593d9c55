package dev.copyoffload.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copyoffload.CopyOffload;
import dev.copyoffload.OffloadCopyOption;
import dev.copyoffload.OffloadFileSystemProvider;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * No process that is started during a copy inherits a descriptor: each is made with {@code
 * O_CLOEXEC}, since to set that later leaves a moment.
 */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
@SuppressWarnings("NullAway.Init") // JUnit injects the parameter
final class CloseOnExecTest {
  /** Part of the names of files that we open. What the JDK opens is called otherwise. */
  private static final String OURS = "opened-by-us";

  /** The program opens it in vain: before that it loads classes and native code. */
  private static final String BEGIN = "copies-begin";

  private static final String TRACED = "trace=open,openat,openat2,creat,pipe,pipe2,memfd_create";

  /** The calls that make a descriptor; of directories, those with flags that the JDK has not. */
  private static final Pattern MADE =
      Pattern.compile(
          "\\b(?:open(?:at2?)?|creat)\\(.*(?:"
              + OURS
              + "|O_DIRECTORY|O_PATH|O_TMPFILE)|\\b(?:pipe2?|memfd_create)\\b");

  @Parameter Route route;

  /** The traced program. */
  static final class Copies {
    private Copies() {}

    public static void main(String[] arguments) throws IOException {
      if (!CopyOffload.load()) {
        throw new IOException("no native code", CopyOffload.unavailabilityCause());
      }
      var provider = new OffloadFileSystemProvider(Stock.fileSystem().provider());
      Path directory = provider.getPath(Path.of(arguments[0]).toUri());
      Path tree = directory.resolve("tree");
      try {
        Files.newByteChannel(directory.resolve(BEGIN)).close();
        throw new IOException("there is a file " + BEGIN);
      } catch (NoSuchFileException expected) {
        // It is in the log.
      }
      int copies = 0;
      for (String name : List.of("dense", "sparse", "small")) {
        Path source = tree.resolve(OURS + "-" + name);
        Files.copy(source, directory.resolve(OURS + copies++));
        Files.copy(source, directory.resolve(OURS + copies++), StandardCopyOption.COPY_ATTRIBUTES);
        for (OffloadCopyOption option : OffloadCopyOption.values()) {
          Path target = directory.resolve(OURS + copies++);
          if (option == OffloadCopyOption.DEDUPE) {
            Files.copy(source, target);
          }
          try {
            Files.copy(source, target, option);
          } catch (IOException refused) {
            // Sharing, where there is none: the files were opened nevertheless.
          }
        }
      }
      CopyOffload.copyTree(tree, directory.resolve("copy"), StandardCopyOption.COPY_ATTRIBUTES);
      try (FileChannel in = FileChannel.open(directory.resolve("by-the-jdk"));
          FileChannel out =
              FileChannel.open(
                  directory.resolve("by-the-jdk-too"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE)) {
        // Offsets that cannot share blocks: bytes have to be moved.
        CopyOffload.transfer(in, 1, out, 0, Long.MAX_VALUE);
      }
    }
  }

  @Test
  void testDescriptors_areClosedByExec() throws IOException {
    route.require();
    NativeCode.require();
    requireStrace();
    Path directory = Files.createTempDirectory(route.to().root(), "exec");
    try {
      Path tree = Files.createDirectory(directory.resolve("tree"));
      byte[] dense = new byte[3 << 20];
      new Random(1).nextBytes(dense);
      Files.write(tree.resolve(OURS + "-dense"), dense);
      Files.write(tree.resolve(OURS + "-small"), new byte[10_000]);
      Files.write(directory.resolve("by-the-jdk"), dense);
      try (RandomAccessFile sparse =
          new RandomAccessFile(tree.resolve(OURS + "-sparse").toString(), "rw")) {
        sparse.setLength(3 << 20);
        sparse.seek(1 << 20);
        sparse.write(dense, 0, 200_000);
      }
      Path log = directory.resolve("strace.log");
      new ChildJvm()
          .under("strace", "-f", "-qq", "--seccomp-bpf", "-e", TRACED, "-o", log.toString())
          .flag("-XX:TieredStopAtLevel=1")
          .run(Copies.class, directory);
      List<String> made =
          Files.readAllLines(log).stream()
              .dropWhile(line -> !line.contains(BEGIN))
              .filter(line -> MADE.matcher(line).find())
              .toList();
      List<String> inherited = new ArrayList<>(made);
      // The flags of pipe2 are shown when it returns.
      inherited.removeIf(line -> line.contains("CLOEXEC") || line.contains("pipe2( <unfinished"));
      assertEquals(List.of(), inherited);
      assertTrue(made.stream().filter(line -> line.contains("open")).count() > 40, made::toString);
      assertTrue(made.stream().anyMatch(line -> line.contains("pipe2")), made::toString);
    } finally {
      TreeDeletion.of(directory);
    }
  }

  private static void requireStrace() {
    try {
      Command.run("strace", "-f", "-o", "/dev/null", "true");
    } catch (IOException e) {
      Assumptions.abort("strace(1), and the right to trace: " + e.getMessage());
    }
  }
}
