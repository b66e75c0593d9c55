package dev.copyoffload.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Does the same on the JDK's file system and on ours, and compares what came of it. */
@SuppressWarnings({
  "NullAway", // null is what some of these cases pass
  "StreamResourceLeak" // no stream comes of those that fail
})
class StockBehaviourTest {
  /** Something to do in a directory, and what it shows. */
  private interface Action {
    Object run(Path dir) throws Exception;
  }

  @TempDir private Path temporary;

  @TestFactory
  Stream<DynamicTest> testSameAsStock() {
    Map<String, Action> actions = new TreeMap<>();
    files(actions);
    failures(actions);
    directories(actions);
    fileSystem(actions);
    return actions.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      String stock = outcome(Stock.RAW, entry.getKey(), entry.getValue());
                      String ours = outcome(Stock.WRAPPED, entry.getKey(), entry.getValue());
                      assertEquals(stock, ours);
                    }));
  }

  /** The class, or what it extends: ours is a hidden one, once another test loads native code. */
  private static Class<?> ofJdk(Object channel) {
    Class<?> type = channel.getClass();
    return type.isHidden() ? type.getSuperclass() : type;
  }

  private String outcome(FileSystem fileSystem, String name, Action action) throws IOException {
    Path raw = Files.createTempDirectory(temporary, null);
    Path dir = fileSystem.getPath(raw.toString());
    Files.writeString(raw.resolve("file"), "content of " + name);
    Files.createDirectories(raw.resolve("sub/deep"));
    Files.writeString(raw.resolve("sub/inner"), "inner");
    Files.createSymbolicLink(raw.resolve("link"), Path.of("file"));
    String result;
    try {
      result = String.valueOf(action.run(dir));
    } catch (Exception e) {
      result = e.toString();
    }
    return result.replace(raw.toString(), "DIR") + " leaving " + names(raw);
  }

  private static Set<String> names(Path dir) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> entries = Files.walk(dir)) {
      entries.forEach(entry -> names.add(dir.relativize(entry).toString()));
    }
    return names;
  }

  private static void files(Map<String, Action> actions) {
    actions.put("copy", d -> Files.readString(Files.copy(d.resolve("file"), d.resolve("new"))));
    actions.put("move", d -> Files.readString(Files.move(d.resolve("file"), d.resolve("new"))));
    actions.put("move directory", d -> Files.move(d.resolve("sub"), d.resolve("new")));
    actions.put(
        "copy link as link",
        d -> {
          Files.copy(d.resolve("link"), d.resolve("new"), LinkOption.NOFOLLOW_LINKS);
          return Files.readSymbolicLink(d.resolve("new"));
        });
    actions.put(
        "links",
        d -> {
          Files.createLink(d.resolve("hard"), d.resolve("file"));
          Files.createSymbolicLink(d.resolve("soft"), d.resolve("file"));
          return Files.isSameFile(d.resolve("hard"), d.resolve("soft"))
              + " "
              + Files.readSymbolicLink(d.resolve("soft"))
              + " "
              + Files.isSymbolicLink(d.resolve("soft"))
              + " "
              + d.resolve("soft").toRealPath()
              + " "
              + d.resolve("soft").toRealPath(LinkOption.NOFOLLOW_LINKS);
        });
    actions.put(
        "streams",
        d -> {
          try (OutputStream out = Files.newOutputStream(d.resolve("new"))) {
            out.write("bytes".getBytes(UTF_8));
          }
          try (InputStream in = Files.newInputStream(d.resolve("new"))) {
            return in.markSupported() + " " + in.available() + new String(in.readAllBytes(), UTF_8);
          }
        });
    actions.put(
        "channels",
        d -> {
          try (FileChannel channel = FileChannel.open(d.resolve("file"), StandardOpenOption.READ);
              var bytes = Files.newByteChannel(d.resolve("file"));
              var async = AsynchronousFileChannel.open(d.resolve("file"))) {
            return List.of(
                ofJdk(channel),
                ofJdk(bytes),
                async.getClass(),
                async.read(ByteBuffer.allocate(100), 0).get());
          }
        });
    actions.put(
        "attributes",
        d -> {
          Path file = d.resolve("file");
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
          Files.setAttribute(file, "unix:mode", 0640);
          return List.of(
              Files.readAttributes(file, PosixFileAttributes.class).permissions(),
              Files.getFileAttributeView(file, BasicFileAttributeView.class)
                  .readAttributes()
                  .size(),
              new TreeSet<>(Files.readAttributes(file, "unix:*").keySet()),
              Files.getOwner(file),
              Files.getFileStore(file),
              Files.isHidden(file),
              Files.isReadable(file),
              Files.isExecutable(file));
        });
    actions.put(
        "exists",
        d -> {
          List<Object> answers = new ArrayList<>();
          for (String name : List.of("file", "sub", "link", "missing", "file/x", "")) {
            Path path = d.resolve(name);
            answers.add(Files.exists(path));
            answers.add(Files.exists(path, LinkOption.NOFOLLOW_LINKS));
            answers.add(Files.notExists(path));
            answers.add(Files.isDirectory(path));
            answers.add(Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS));
          }
          return answers;
        });
  }

  private static void failures(Map<String, Action> actions) {
    List<Path> none = new ArrayList<>();
    none.add(null);
    CopyOption replace = StandardCopyOption.REPLACE_EXISTING;
    actions.put("copy missing", d -> Files.copy(d.resolve("missing"), d.resolve("new")));
    actions.put("copy onto file", d -> Files.copy(d.resolve("sub"), d.resolve("file")));
    actions.put("copy onto full", d -> Files.copy(d.resolve("file"), d.resolve("sub"), replace));
    actions.put("copy to nowhere", d -> Files.copy(d.resolve("file"), d.resolve("no/new")));
    actions.put("copy to itself", d -> Files.copy(d.resolve("file"), d.resolve("file")));
    actions.put("copy null", d -> Files.copy(d.resolve("file"), none.get(0)));
    actions.put(
        "copy option null",
        d -> Files.copy(d.resolve("file"), d.resolve("new"), (CopyOption) null));
    actions.put(
        "copy atomically",
        d -> Files.copy(d.resolve("file"), d.resolve("new"), StandardCopyOption.ATOMIC_MOVE));
    actions.put("move missing", d -> Files.move(d.resolve("missing"), d.resolve("new")));
    actions.put("move onto", d -> Files.move(d.resolve("file"), d.resolve("link")));
    actions.put("delete full", d -> run(() -> Files.delete(d.resolve("sub"))));
    actions.put("delete missing", d -> run(() -> Files.delete(d.resolve("missing"))));
    actions.put("delete if exists", d -> Files.deleteIfExists(d.resolve("missing")));
    actions.put("read directory", d -> Files.readAllBytes(d.resolve("sub")));
    actions.put("read link of file", d -> Files.readSymbolicLink(d.resolve("file")));
    actions.put("list file", d -> Files.newDirectoryStream(d.resolve("file")));
    actions.put("create existing", d -> Files.createDirectory(d.resolve("sub")));
    actions.put("link existing", d -> Files.createLink(d.resolve("link"), d.resolve("file")));
    actions.put("real path", d -> d.resolve("missing").toRealPath());
    actions.put("size missing", d -> Files.size(d.resolve("missing")));
    actions.put(
        "attributes missing",
        d -> Files.readAttributes(d.resolve("missing"), BasicFileAttributes.class));
    actions.put("attribute unknown", d -> Files.getAttribute(d.resolve("file"), "no:such"));
    actions.put("view unknown", d -> provider(d).getFileAttributeView(d, null));
    actions.put("filter null", d -> provider(d).newDirectoryStream(d, null));
    actions.put("resolve null", d -> d.resolve((Path) null));
    actions.put("starts with null", d -> d.startsWith((Path) null));
  }

  private static void directories(Map<String, Action> actions) {
    actions.put(
        "list",
        d -> {
          Set<String> names = new TreeSet<>();
          try (DirectoryStream<Path> entries = Files.newDirectoryStream(d, "*i*")) {
            entries.forEach(entry -> names.add(entry.toString()));
          }
          return names;
        });
    actions.put(
        "iterate twice",
        d -> {
          try (DirectoryStream<Path> entries = Files.newDirectoryStream(d)) {
            var first = entries.iterator();
            return first == entries.iterator();
          }
        });
    actions.put(
        "remove by iterator",
        d -> {
          try (DirectoryStream<Path> entries = Files.newDirectoryStream(d)) {
            var iterator = entries.iterator();
            iterator.next();
            iterator.remove();
            return "removed";
          }
        });
    actions.put(
        "failing filter",
        d -> {
          DirectoryStream.Filter<Path> filter =
              entry -> {
                throw new IOException("filter");
              };
          try (var entries = Files.newDirectoryStream(d, filter)) {
            return entries.iterator().hasNext();
          }
        });
    actions.put(
        "secure directory stream",
        d -> {
          try (var top = (SecureDirectoryStream<Path>) Files.newDirectoryStream(d);
              var sub = top.newDirectoryStream(d.getFileSystem().getPath("sub"))) {
            Path name = d.getFileSystem().getPath("file");
            top.move(name, sub, d.getFileSystem().getPath("moved"));
            sub.deleteFile(d.getFileSystem().getPath("inner"));
            sub.deleteDirectory(d.getFileSystem().getPath("deep"));
            Set<String> names = new TreeSet<>();
            sub.forEach(entry -> names.add(entry.toString()));
            try (var channel =
                sub.newByteChannel(
                    d.getFileSystem().getPath("moved"), Set.of(StandardOpenOption.READ))) {
              return List.of(
                  names,
                  channel.size(),
                  sub.getFileAttributeView(BasicFileAttributeView.class)
                      .readAttributes()
                      .isDirectory(),
                  top.getFileAttributeView(
                          d.getFileSystem().getPath("link"),
                          BasicFileAttributeView.class,
                          LinkOption.NOFOLLOW_LINKS)
                      .readAttributes()
                      .isSymbolicLink());
            }
          }
        });
    actions.put(
        "walk",
        d -> {
          try (Stream<Path> entries = Files.walk(d)) {
            return new TreeSet<>(entries.map(Path::toString).toList());
          }
        });
    actions.put("create directories", d -> Files.createDirectories(d.resolve("a/b/../c")));
  }

  private static void fileSystem(Map<String, Action> actions) {
    actions.put("close", d -> run(() -> d.getFileSystem().close()));
    actions.put(
        "questions",
        d -> {
          FileSystem fs = d.getFileSystem();
          return List.of(
              fs.isOpen(),
              fs.isReadOnly(),
              fs.getSeparator(),
              fs.supportedFileAttributeViews(),
              fs.getRootDirectories().iterator().next(),
              fs.getFileStores().iterator().hasNext(),
              fs.getUserPrincipalLookupService().lookupPrincipalByName("root"),
              fs.provider().getScheme());
        });
    actions.put("matcher", d -> d.getFileSystem().getPathMatcher("glob:**/*.{a,b}").matches(d));
    actions.put(
        "matcher hit", d -> d.getFileSystem().getPathMatcher("regex:.*x").matches(d.resolve("x")));
    actions.put("matcher syntax", d -> d.getFileSystem().getPathMatcher("no:such"));
    for (String uri : List.of("file:///", "file:///x", "file://host/", "x", "zip:///", "file:x")) {
      URI parsed = URI.create(uri);
      actions.put("path of " + uri, d -> provider(d).getPath(parsed));
      actions.put("new file system " + uri, d -> provider(d).newFileSystem(parsed, Map.of()));
      actions.put(
          "file system of " + uri,
          d -> provider(d).getFileSystem(parsed) == d.getFileSystem() ? "same" : "other");
    }
    actions.put("new file system", d -> provider(d).newFileSystem(d.resolve("file"), Map.of()));
  }

  private static FileSystemProvider provider(Path path) {
    return path.getFileSystem().provider();
  }

  /** A step that shows nothing. */
  private interface Step {
    void run() throws Exception;
  }

  private static String run(Step step) throws Exception {
    step.run();
    return "done";
  }
}
