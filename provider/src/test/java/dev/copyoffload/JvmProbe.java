package dev.copyoffload;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.copyoffload.linux.Platform;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.ProviderNotFoundException;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.logging.LogManager;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import jdk.jfr.Recording;
import org.mockito.Mockito;

/** What a program that knows nothing of this project does with files; it prints what it sees. */
enum JvmProbe {
  WALK {
    @Override
    void run(Path dir) throws Exception {
      Files.createDirectories(dir.resolve("a/b"));
      Files.writeString(dir.resolve("a/b/c"), "x");
      Files.walkFileTree(
          dir,
          new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              print("file " + dir.relativize(file) + " " + attributes.size());
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                throws IOException {
              print("directory " + dir.relativize(visited));
              return super.postVisitDirectory(visited, failure);
            }
          });
    }
  },

  TEMPORARY_FILES {
    @Override
    void run(Path dir) throws Exception {
      Path file = Files.createTempFile(dir, "a", ".b");
      Path directory = Files.createTempDirectory(dir, "a");
      print(Files.getPosixFilePermissions(file).size());
      print(Files.getPosixFilePermissions(directory).size());
      Path shared = Files.createTempFile(null, null);
      Files.delete(shared);
      print(shared.getFileSystem() == FileSystems.getDefault());
      print(File.createTempFile("abc", null, dir.toFile()).toPath().startsWith(dir));
    }
  },

  COPY_AND_MOVE {
    @Override
    void run(Path dir) throws Exception {
      Path a = Files.writeString(dir.resolve("a"), "text");
      // JDK 17 itself copies no nanoseconds.
      Files.setLastModifiedTime(a, FileTime.fromMillis(1_700_000_000_123L));
      Path b = Files.copy(a, dir.resolve("b"), StandardCopyOption.COPY_ATTRIBUTES);
      print(Files.getLastModifiedTime(a).equals(Files.getLastModifiedTime(b)));
      Path c = Files.move(b, dir.resolve("c"));
      print(Files.readString(c) + Files.exists(b) + Files.mismatch(a, c));
      try (InputStream in = Files.newInputStream(a)) {
        Files.copy(in, c, StandardCopyOption.REPLACE_EXISTING);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Files.copy(c, bytes);
      print(bytes.toString(UTF_8));
      print(Files.isSameFile(a, new File(a.toString()).toPath()));
    }
  },

  COPY_WITH_NATIVE_CODE {
    @Override
    void run(Path dir) throws Exception {
      print(CopyOffload.load());
      Path a = Files.write(dir.resolve("a"), new byte[70_000]);
      for (int i = 0; i < 3; i++) {
        Files.copy(a, dir.resolve("b" + i));
      }
      print(copies());
    }
  },

  FIRST_COPIES {
    @Override
    void run(Path dir) throws Exception {
      Path a = Files.write(dir.resolve("a"), new byte[1 << 20]);
      for (int i = 0; i < 3; i++) {
        Files.copy(a, dir.resolve("b" + i));
      }
      Map<String, Long> copies = new TreeMap<>(CopyOffload.statistics().copiesByMethod());
      copies.values().removeIf(count -> count == 0);
      print(copies);
      print(Files.mismatch(a, dir.resolve("b2")));
    }
  },

  /** Prints how many of some small files the JDK copied, how many we, and what then came of one. */
  SMALL_FIRST_COPIES {
    @Override
    void run(Path dir) throws Exception {
      Path a = Files.write(dir.resolve("a"), new byte[65_535]);
      Path b = dir.resolve("b");
      Files.copy(a, b, StandardCopyOption.COPY_ATTRIBUTES);
      Files.copy(a, b, StandardCopyOption.REPLACE_EXISTING);
      Files.move(b, dir.resolve("c"));
      printCopies();
      Files.copy(a, b);
      printCopies();
    }
  },

  /** Prints whether moves of a small file had ours loaded: after one, and after how many. */
  SMALL_FIRST_MOVES {
    @Override
    void run(Path dir) throws Exception {
      Path a = Files.write(dir.resolve("a"), new byte[65_535]);
      Path b = dir.resolve("b");
      Files.move(a, b);
      print(Platform.loaded() != null);
      int moves = 1;
      while (Platform.loaded() == null && moves < 1_024) {
        Files.move(moves % 2 == 0 ? a : b, moves % 2 == 0 ? b : a);
        moves++;
      }
      print(moves - 1);
      print(Platform.loaded() != null);
    }
  },

  /** The same of larger ones, until so many bytes were copied that ours pay, or of a large one. */
  PLAIN_FIRST_COPIES {
    @Override
    void run(Path dir) throws Exception {
      Path a = sized(dir.resolve("a"), (1 << 20) - 1);
      Path b = dir.resolve("b");
      for (int i = 0; i < 64; i++) {
        Files.copy(a, b, StandardCopyOption.REPLACE_EXISTING);
      }
      printCopies();
      Files.copy(a, b, StandardCopyOption.REPLACE_EXISTING);
      printCopies();
    }
  },

  LARGE_FIRST_COPY {
    @Override
    void run(Path dir) throws Exception {
      Files.copy(sized(dir.resolve("a"), 1 << 20), dir.resolve("b"));
      printCopies();
    }
  },

  /** Copies with the lock that another thread's first copy waits for. */
  FIRST_COPIES_AND_A_LOGGER {
    @Override
    void run(Path dir) throws Exception {
      Path a = sized(dir.resolve("a"), 8 << 20);
      Thread copying = new Thread(() -> copy(a, dir.resolve("b"), false));
      Thread rotating =
          new Thread(
              () -> {
                synchronized (LoggingAgent.LOCK) {
                  copying.start();
                  while (copying.getState() != Thread.State.BLOCKED && copying.isAlive()) {
                    Thread.onSpinWait();
                  }
                  copy(a, dir.resolve("c"), false);
                  copy(a, dir.resolve("d"), true);
                }
              });
      for (Thread thread : List.of(rotating, copying)) {
        thread.setDaemon(true);
      }
      rotating.start();
      rotating.join(20_000);
      copying.join(20_000);
      print(rotating.isAlive() + " " + copying.isAlive());
      for (String name : List.of("b", "c", "d")) {
        print(Files.mismatch(a, dir.resolve(name)));
      }
    }

    private void copy(Path from, Path to, boolean byStream) {
      try (InputStream in = new FileInputStream(from.toFile())) {
        if (byStream) {
          Files.copy(in, to);
        } else {
          Files.copy(from, to);
        }
      } catch (IOException e) {
        print(e);
      }
    }
  },

  /** A thread whose first copy fails, and that is then to be forgotten. */
  FIRST_COPY_OF_A_THREAD {
    @Override
    void run(Path dir) throws Exception {
      Path a = sized(dir.resolve("a"), 1 << 20);
      for (boolean fails : new boolean[] {true, false}) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    Files.copy(a, fails ? dir : dir.resolve("b"));
                  } catch (IOException e) {
                    print(e.getClass());
                  }
                });
        thread.start();
        thread.join();
        WeakReference<Thread> ended = new WeakReference<>(thread);
        thread = null;
        for (int i = 0; i < 100 && ended.get() != null; i++) {
          System.gc();
          Thread.sleep(10);
        }
        print(ended.get() == null);
      }
    }
  },

  /** Copies with an option that the JDK does not know. */
  FIRST_COPY_WITH_OUR_OPTION {
    @Override
    void run(Path dir) throws Exception {
      Path a = Files.write(dir.resolve("a"), new byte[] {1, 2, 3});
      CopyProgress progress = CopyProgress.of(this::told);
      Files.copy(a, dir.resolve("b"), progress);
      printCopies();
    }

    private boolean told(long done, long total) {
      print(done + " of " + total);
      return true;
    }
  },

  /** The same of transfers: small ones, many, and one of a large file. */
  FIRST_TRANSFERS {
    @Override
    void run(Path dir) throws Exception {
      transfer(sized(dir.resolve("a"), (8 << 20) - 1), dir.resolve("b"));
      print(CopyOffload.statistics().leftToJdk());
      print(copies());
      transfer(sized(dir.resolve("c"), 8 << 20), dir.resolve("d"));
      print(copies() > 0);
    }

    private void transfer(Path from, Path to) throws Exception {
      try (FileChannel in = FileChannel.open(from);
          FileChannel out =
              FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        print(in.transferTo(0, 65_535, out));
        print(in.transferTo(0, 65_536, out));
        print(out.transferFrom(in.position(0), 0, 1 << 20));
        print(in.transferTo(0, Integer.MAX_VALUE, out.position(0)));
      }
    }
  },

  MANY_TRANSFERS {
    @Override
    void run(Path dir) throws Exception {
      Path a = sized(dir.resolve("a"), 1 << 20);
      try (FileChannel in = FileChannel.open(a);
          FileChannel out =
              FileChannel.open(
                  dir.resolve("b"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        for (int i = 0; i < 1025; i++) {
          in.transferTo(0, 1 << 20, out.position(0));
        }
      }
      printCopies();
    }
  },

  /** The same of copies that many threads make at once. */
  FIRST_COPIES_AT_ONCE {
    @Override
    void run(Path dir) throws Exception {
      Path a = sized(dir.resolve("a"), 1 << 20);
      CyclicBarrier barrier = new CyclicBarrier(16);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Path b = dir.resolve("b" + i);
        threads.add(
            new Thread(
                () -> {
                  try {
                    barrier.await();
                    Files.copy(a, b);
                  } catch (Exception e) {
                    print(e);
                  }
                }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      printCopies();
    }
  },

  /** The same of very many. */
  MANY_SMALL_COPIES {
    @Override
    void run(Path dir) throws Exception {
      Path a = Files.write(dir.resolve("a"), new byte[1]);
      for (int i = 0; i < 16_386; i++) {
        Files.copy(a, dir.resolve("b"), StandardCopyOption.REPLACE_EXISTING);
      }
      printCopies();
    }
  },

  /** Prints how many frames lie between a call of the program and the kernel. */
  FRAMES {
    @Override
    void run(Path dir) throws Exception {
      Path a = Files.write(dir.resolve("a"), new byte[16 << 20]);
      Path b = dir.resolve("b");
      // On 17 a first copy comes by way of the JDK's.
      Files.copy(a, b);
      print(
          framesOf(
              "java.nio.file.Files", () -> Files.copy(a, b, StandardCopyOption.REPLACE_EXISTING)));
      try (FileChannel in = FileChannel.open(a);
          FileChannel out = FileChannel.open(b, StandardOpenOption.WRITE)) {
        print(
            framesOf(
                "sun.nio.ch.FileChannelImpl", () -> in.transferTo(0, 16 << 20, out.position(0))));
      }
    }

    /**
     * Repeats a call until another thread has seen it in the kernel some times, and some calls have
     * ended: one may be long in one place. The most.
     */
    private int framesOf(String api, Operation operation) throws Exception {
      int calls = 300;
      AtomicInteger left = new AtomicInteger(calls);
      FutureTask<Object> repeated =
          new FutureTask<>(
              () -> {
                while (left.getAndDecrement() > 0) {
                  operation.run();
                }
                return null;
              });
      Thread thread = new Thread(repeated);
      thread.start();
      int most = 0;
      for (int samples = 0; (samples < 20 || left.get() > calls - 40) && left.get() > 0; ) {
        StackTraceElement[] frames = thread.getStackTrace();
        if (frames.length > 0 && frames[0].getMethodName().equals("syscall")) {
          int depth = 0;
          while (!frames[depth].getClassName().equals(api)) {
            depth++;
          }
          most = Math.max(most, depth + 1);
          samples++;
        }
      }
      left.set(0);
      repeated.get();
      return most;
    }
  },

  /** Loads classes ever nearer to the end of a stack; then a channel, which a recording changes. */
  DEEP_CLASSES {
    @Override
    void run(Path dir) throws Exception {
      byte[] file;
      try (InputStream in = JvmProbe.class.getResourceAsStream("JvmProbe$Operation.class")) {
        file = in.readAllBytes();
      }
      Runnable all =
          () -> {
            for (int frames = 0; frames < 400; frames++) {
              framesBelow(new OneClass(), file, frames);
            }
          };
      Thread thread = new Thread(null, all, "deep", 512 << 10);
      thread.start();
      thread.join();
      Path a = Files.write(dir.resolve("a"), new byte[16 << 20]);
      try (FileChannel in = FileChannel.open(a);
          FileChannel out =
              FileChannel.open(
                  dir.resolve("b"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          Recording recording = new Recording()) {
        recording.start();
        in.transferTo(0, 16 << 20, out);
      }
      CopyStatistics asked = CopyOffload.statistics();
      print(asked.copiesByMethod().values().stream().mapToLong(n -> n).sum() + asked.leftToJdk());
    }

    /** Defines the class where so many frames are left. */
    private static int framesBelow(OneClass loader, byte[] file, int wanted) {
      int below = 0;
      try {
        if (wanted >= 0) {
          below = framesBelow(loader, file, wanted) + 1;
        }
      } catch (StackOverflowError e) {
        // This is the last one.
      }
      if (below == wanted) {
        try {
          loader.define(file);
        } catch (LinkageError | StackOverflowError e) {
          // That it cannot be loaded is not what is asked here.
        }
      }
      return below;
    }
  },

  TRANSFERS {
    @Override
    void run(Path dir) throws Exception {
      Path a = Files.write(dir.resolve("a"), new byte[300_000]);
      try (FileInputStream in = new FileInputStream(a.toFile());
          FileOutputStream out = new FileOutputStream(dir.resolve("b").toFile())) {
        print(in.getChannel().transferTo(0, 200_000, out.getChannel()));
        print(out.getChannel().transferFrom(in.getChannel(), 200_000, 100_000));
      }
      try (InputStream in = Files.newInputStream(a);
          OutputStream out = Files.newOutputStream(dir.resolve("c"))) {
        print(in.transferTo(out));
      }
      print(Files.mismatch(a, dir.resolve("b")) + Files.mismatch(a, dir.resolve("c")));
    }
  },

  /** Between two channels of one file; small ones might be left to the JDK anyway. */
  OVERLAPPING_TRANSFERS {
    @Override
    void run(Path dir) throws Exception {
      byte[] content = random(10 << 20);
      for (int distance : new int[] {100, 4096, 65_536}) {
        for (int way = 0; way < 4; way++) {
          Path a = Files.write(dir.resolve("a"), content);
          int from = way % 2 == 0 ? 0 : distance;
          try (FileChannel in = FileChannel.open(a);
              FileChannel out = FileChannel.open(a, StandardOpenOption.WRITE)) {
            out.position(distance - from);
            long moved =
                way < 2
                    ? in.transferTo(from, 9 << 20, out)
                    : out.transferFrom(in.position(from), distance - from, 9 << 20);
            print(way + " " + moved + " " + in.position() + " " + out.position());
          }
          print(Arrays.hashCode(Files.readAllBytes(a)));
        }
      }
    }
  },

  /** Prints how far streams come whose targets may not grow so large. */
  LIMITED_TARGETS {
    @Override
    void run(Path dir) throws Exception {
      Path a = Files.write(dir.resolve("a"), random(3 << 20));
      String command = "prlimit --pid $PPID --fsize=1005001";
      print(new ProcessBuilder("sh", "-c", command).start().waitFor());
      for (int kind = 0; kind < 18; kind++) {
        Path b = dir.resolve("b" + kind);
        InputStream file =
            kind / 3 % 3 == 0 ? Files.newInputStream(a) : new FileInputStream(a.toFile());
        InputStream in = kind / 3 % 3 == 1 ? new BufferedInputStream(file) : file;
        OutputStream out =
            switch (kind % 3) {
              case 0 -> new FileOutputStream(b.toFile());
              case 1 -> new BufferedOutputStream(new FileOutputStream(b.toFile()));
              default -> Files.newOutputStream(b);
            };
        try (in;
            out) {
          try {
            print(kind < 9 ? in.transferTo(out) : Copying.copy(in, out));
          } catch (IOException e) {
            print(e);
          }
          print(kind + ": " + in.available() + " " + file.available() + " " + Files.size(b));
        } catch (IOException e) {
          print("closing: " + e);
        }
      }
    }
  },

  /** Copies by a class that sees no more of the JDK than it needs. */
  STRICT_LOADER {
    @Override
    void run(Path dir) throws Exception {
      Class<?> type = Class.forName(Copying.class.getName(), true, new StrictLoader());
      print(type != Copying.class);
      Path a = Files.write(dir.resolve("a"), random(2 << 20));
      try (InputStream in = new FileInputStream(a.toFile());
          OutputStream out = new FileOutputStream(dir.resolve("b").toFile())) {
        Method copy = type.getDeclaredMethod("copy", InputStream.class, OutputStream.class);
        copy.setAccessible(true);
        print(copy.invoke(null, in, out));
      }
      print(Files.mismatch(a, dir.resolve("b")));
    }
  },

  /** All that is to go on as ever, whatever is unusual about a JVM; and whether we copied. */
  PROGRAM {
    @Override
    void run(Path dir) throws Exception {
      for (JvmProbe part : List.of(COPY_AND_MOVE, TRANSFERS, MATCH)) {
        part.run(Files.createDirectory(dir.resolve(part.name())));
      }
      // At first without a name on the class path, as in a program that does not know of us.
      Path a = Files.write(dir.resolve("a"), new byte[70_000]);
      for (int i = 0; i < 3; i++) {
        print(Files.mismatch(a, Files.copy(a, dir.resolve("b" + i))));
      }
      try {
        Class<?> ours = Class.forName("dev.copyoffload.CopyOffload");
        // It loads nothing: whether that warns is not asked here.
        String totals = ours.getMethod("statistics").invoke(null).toString();
        print("offloaded: " + !totals.contains("copiesByMethod={}"));
      } catch (ClassNotFoundException e) {
        // A stock JVM.
        return;
      }
    }
  },

  /** Has a library weave the JDK's own streams, which we may have woven. */
  MOCK {
    @Override
    void run(Path dir) throws Exception {
      InputStream mock = Mockito.mock(FileInputStream.class);
      print(Mockito.mockingDetails(mock).isMock());
      PROGRAM.run(dir);
    }
  },

  /** Names that are no text in the charset of the platform, or in any. */
  RAW_NAMES {
    @Override
    void run(Path dir) throws Exception {
      Path to = Files.createDirectory(dir.resolve("to"));
      List<Path> found = new ArrayList<>();
      try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, "*.from")) {
        files.forEach(found::add);
      }
      for (Path file : found) {
        Path target = to.resolve(file.getFileName());
        Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        print(Files.mismatch(file, target));
      }
      print(found.size());
    }
  },

  /** Copies in threads of which each is refused one system call. */
  REFUSED_CALLS {
    @Override
    void run(Path dir) throws Exception {
      // Nothing is loaded any more once calls are refused.
      RefusedCalls.copies(Files.createDirectory(dir.resolve("none"))).forEach(JvmProbe::print);
      for (RefusedCalls call : RefusedCalls.values()) {
        for (int errno : new int[] {RefusedCalls.EPERM, RefusedCalls.ENOSYS}) {
          String name = call + "-" + errno;
          Path own = Files.createDirectory(dir.resolve(name));
          for (String outcome : call.refusedCopies(own, errno)) {
            print(name + " " + outcome);
          }
        }
      }
    }
  },

  REFUSED {
    @Override
    void run(Path dir) {
      for (Operation operation :
          List.<Operation>of(
              () -> Files.copy(dir, dir.resolve("b")),
              () -> Files.move(dir, dir.resolve("b")),
              () -> Files.newInputStream(dir.resolve("a")),
              () -> FileChannel.open(dir.resolve("a")))) {
        try {
          operation.run();
          print("done");
        } catch (Exception e) {
          print(e);
        }
      }
      // Fails, and with it every zip file, if one provider on the class path cannot be made.
      print(FileSystemProvider.installedProviders().size() > 1);
    }
  },

  LATE_LOG_MANAGER {
    @Override
    void run(Path dir) throws Exception {
      Files.copy(Files.write(dir.resolve("a"), new byte[70_000]), dir.resolve("b"));
      System.setProperty("java.util.logging.manager", OwnLogManager.class.getName());
      print(LogManager.getLogManager().getClass());
    }
  },

  /** The first copy loads ours, if it loads any. */
  OWN_JNA {
    @Override
    void run(Path dir) throws Exception {
      Files.copy(Files.write(dir.resolve("a"), new byte[70_000]), dir.resolve("b"));
      try {
        Class<?> own = Class.forName("com.sun.jna.Native");
        print(own.getProtectionDomain().getCodeSource().getLocation());
        print(own.getMethod("toByteArray", String.class).invoke(null, "x").getClass());
        print(own.getField("POINTER_SIZE").get(null));
      } catch (ClassNotFoundException e) {
        print(e);
      }
    }
  },

  ZIP {
    @Override
    void run(Path dir) throws Exception {
      Path zip = dir.resolve("z.zip");
      Path plain = Files.writeString(dir.resolve("plain"), "text");
      try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
        Files.copy(plain, files.getPath("/in"));
        Files.move(Files.writeString(dir.resolve("moved"), "more"), files.getPath("/moved"));
      }
      try (FileSystem files =
          FileSystems.newFileSystem(URI.create("jar:" + zip.toUri()), Map.of())) {
        Files.copy(files.getPath("/in"), dir.resolve("out"));
        print(Files.readString(dir.resolve("out")) + Files.readString(files.getPath("/moved")));
      }
      try {
        FileSystems.newFileSystem(plain).close();
      } catch (ProviderNotFoundException | ZipException e) {
        print(e.getClass());
      }
      try (FileSystem run = FileSystems.newFileSystem(zip, (ClassLoader) null);
          FileSystem image = FileSystems.getFileSystem(URI.create("jrt:/"))) {
        print(Files.exists(run.getPath("in")));
        print(Files.exists(image.getPath("modules/java.base/java/lang/Object.class")));
      } catch (UnsupportedOperationException e) {
        print("closing jrt: " + e.getClass());
      }
    }
  },

  JARS {
    @Override
    void run(Path dir) throws Exception {
      Path jar = dir.resolve("multi release.jar");
      Manifest manifest = new Manifest();
      manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
      manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
        out.putNextEntry(new JarEntry("resource"));
        out.write("base".getBytes(UTF_8));
        out.putNextEntry(new JarEntry("META-INF/versions/11/resource"));
        out.write("eleven".getBytes(UTF_8));
      }
      // The forms with one slash, with three, and the one that goes through java.io.File.
      for (URL url :
          new URL[] {
            jar.toUri().toURL(),
            jar.toFile().toURI().toURL(),
            URI.create("file:" + jar.toUri().getRawPath()).toURL()
          }) {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {url}, null);
            InputStream in = loader.getResourceAsStream("resource")) {
          print(in == null ? "none" : new String(in.readAllBytes(), UTF_8));
        }
        URL entry = URI.create("jar:" + url + "!/resource").toURL();
        try (InputStream in = entry.openStream()) {
          print(new String(in.readAllBytes(), UTF_8));
        }
        URL runtime = URI.create("jar:" + url + "!/resource#runtime").toURL();
        try (InputStream in = runtime.openStream()) {
          print(new String(in.readAllBytes(), UTF_8));
        }
        print(Path.of(url.toURI()).equals(jar));
      }
    }
  },

  WATCH {
    @Override
    void run(Path dir) throws Exception {
      try (WatchService service = FileSystems.getDefault().newWatchService()) {
        WatchKey key = dir.register(service, StandardWatchEventKinds.ENTRY_CREATE);
        Files.createFile(dir.resolve("new"));
        WatchKey polled = service.poll(60, TimeUnit.SECONDS);
        print(polled == key);
        print(key.watchable().equals(dir));
        print(key.pollEvents().get(0).context().equals(Path.of("new")));
      }
    }
  },

  MATCH {
    @Override
    void run(Path dir) throws Exception {
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:**/*.txt");
      print(matcher.matches(dir.resolve("a.txt")) + " " + matcher.matches(dir.resolve("a.bin")));
      Files.createFile(dir.resolve("a.txt"));
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir, "*.txt")) {
        print(entries.iterator().next().getFileName());
      }
    }
  },

  SECURE_DIRECTORY_STREAM {
    @Override
    void run(Path dir) throws Exception {
      Files.createDirectories(dir.resolve("sub"));
      Files.createFile(dir.resolve("file"));
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(dir)) {
        SecureDirectoryStream<Path> top = (SecureDirectoryStream<Path>) stream;
        try (SecureDirectoryStream<Path> sub = top.newDirectoryStream(Path.of("sub"))) {
          top.move(Path.of("file"), sub, Path.of("moved"));
          print(Files.exists(dir.resolve("sub/moved")));
          sub.deleteFile(Path.of("moved"));
        }
        top.deleteDirectory(Path.of("sub"));
      }
      print(Files.exists(dir.resolve("sub")));
    }
  },

  FILES_AND_PATHS {
    @Override
    void run(Path dir) throws Exception {
      File file = dir.resolve("x").toFile();
      print(file.toPath().equals(dir.resolve("x")));
      print(file.toPath().getFileSystem() == FileSystems.getDefault());
      print(Path.of(file.toURI()).equals(dir.resolve("x")));
      print(Files.getFileStore(dir).type().isEmpty());
      try (OutputStream out = Files.newOutputStream(dir.resolve("x"))) {
        out.write(1);
      }
      try (FileChannel channel = FileChannel.open(dir.resolve("x"))) {
        // A hidden class extends it where channels offer their transfers.
        Class<?> type = channel.getClass();
        print((type.isHidden() ? type.getSuperclass() : type).getName());
      }
      Thread.currentThread().interrupt();
      print(Files.readAllBytes(dir.resolve("x")).length);
    }
  },

  TOOLS {
    @Override
    void run(Path dir) throws Exception {
      Path source = Files.writeString(dir.resolve("module-info.java"), "module m { }");
      print(tool("javac", "-d", dir.resolve("m"), source));
      print(tool("jar", "--create", "--file", dir.resolve("m.jar"), "-C", dir.resolve("m"), "."));
      print(tool("jar", "--list", "--file", dir.resolve("m.jar")));
      Path image = dir.resolve("image");
      print(tool("jlink", "--output", image, "--add-modules", "m", "-p", dir.resolve("m.jar")));
      try (Stream<Path> files = Files.list(image)) {
        print(files.map(file -> image.relativize(file).toString()).sorted().toList());
      }
    }

    private int tool(String name, Object... arguments) {
      String[] texts = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
      return ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, texts);
    }
  },

  PROPERTIES {
    @Override
    void run(Path dir) {
      print(new TreeSet<>(System.getProperties().stringPropertyNames()));
      print(System.getProperty("java.class.path"));
    }
  },

  DEFAULT_PROVIDER {
    @Override
    void run(Path dir) throws Exception {
      print(dir.getClass().getName());
      print(dir.getFileSystem().provider().getClass().getName());
      print(Path.of(dir.toUri()).getFileSystem() == FileSystems.getDefault());
    }
  },

  PROBE_CONTENT_TYPE {
    @Override
    void run(Path dir) throws Exception {
      print(Files.probeContentType(dir.resolve("page.html")));
    }
  },

  UNIX_DOMAIN_SOCKET {
    @Override
    void run(Path dir) throws Exception {
      // The name is short: the address holds about a hundred bytes.
      Path socket = Files.createTempDirectory("s").resolve("s");
      var address = UnixDomainSocketAddress.of(socket);
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(address);
        try (SocketChannel client = SocketChannel.open(address)) {
          print(client.isConnected());
        }
      } finally {
        Files.deleteIfExists(socket);
        Files.delete(socket.getParent());
      }
    }
  },

  UNIX_DOMAIN_SOCKET_WITHOUT_ADDRESS {
    @Override
    void run(Path dir) throws Exception {
      try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        server.bind(null);
        var address = (UnixDomainSocketAddress) server.getLocalAddress();
        print(address.getPath().getFileSystem() == FileSystems.getDefault());
        try (SocketChannel client = SocketChannel.open(address)) {
          print(client.isConnected());
        } finally {
          Files.delete(address.getPath());
        }
      }
    }
  };

  abstract void run(Path dir) throws Exception;

  /** Something that may be refused. */
  interface Operation {
    Object run() throws Exception;
  }

  /** Has a class of the program a second time. */
  private static final class OneClass extends ClassLoader {
    void define(byte[] file) {
      defineClass(null, file, 0, file.length);
    }
  }

  /** A program's loop. */
  private static final class Copying {
    private Copying() {}

    static long copy(InputStream in, OutputStream out) throws IOException {
      byte[] buffer = new byte[4096];
      long total = 0;
      int read;
      while ((read = in.read(buffer)) >= 0) {
        out.write(buffer, 0, read);
        total += read;
      }
      return total;
    }
  }

  /** Hands out classes of a list. */
  private static final class StrictLoader extends ClassLoader {
    private static final List<Class<?>> LIST =
        List.of(Object.class, InputStream.class, OutputStream.class, IOException.class);

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      for (Class<?> type : LIST) {
        if (type.getName().equals(name)) {
          return type;
        }
      }
      if (!name.equals(Copying.class.getName())) {
        throw new ClassNotFoundException(name);
      }
      try (InputStream in = JvmProbe.class.getResourceAsStream("JvmProbe$Copying.class")) {
        byte[] file = in.readAllBytes();
        return defineClass(name, file, 0, file.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  /** As an application server has one. */
  public static final class OwnLogManager extends LogManager {}

  private static long copies() {
    return CopyOffload.statistics().copiesByMethod().values().stream().mapToLong(n -> n).sum();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  /** A file that is a hole. */
  private static Path sized(Path file, long size) throws Exception {
    try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
      opened.setLength(size);
    }
    return file;
  }

  private static void printCopies() {
    print(CopyOffload.statistics().leftToJdk() + ", " + copies());
  }

  @SuppressWarnings("SystemOut") // read by the test
  private static void print(Object line) {
    System.out.println("> " + line);
  }

  public static void main(String[] arguments) throws Exception {
    valueOf(arguments[0]).run(Path.of(arguments[1]));
  }
}
