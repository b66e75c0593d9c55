package dev.copyoffload.provider;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.ProviderMismatchException;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Calls every method of the file system interfaces, with wrapped and with raw arguments, and looks
 * for a raw object in what comes out; a method that a later JDK adds is called as well.
 */
@SuppressWarnings("NullAway.Init") // set up before each test
class NothingEscapesTest {
  private static final List<Class<?>> API =
      List.of(
          Path.class,
          FileSystem.class,
          FileSystemProvider.class,
          SecureDirectoryStream.class,
          DirectoryStream.class,
          PathMatcher.class,
          WatchService.class,
          WatchKey.class,
          WatchEvent.class);

  /** Methods that the JDK defines by others that we override, or that have no path to give. */
  private static final Set<String> INHERITED =
      Set.of(
          "Path.forEach",
          "Path.spliterator",
          "Path.register(WatchService,Kind[])",
          "Path.resolve(Path,Path[])",
          "Path.resolve(String,String[])");

  @TempDir private Path rawDir;
  private Path dir;
  private WatchService watchService;
  private final List<String> escaped = new ArrayList<>();
  private final Set<String> called = new TreeSet<>();

  @BeforeEach
  void setUp() throws Exception {
    watchService = Stock.WRAPPED.newWatchService();
    dir = Stock.wrap(rawDir);
    restore();
  }

  @AfterEach
  void tearDown() throws Exception {
    watchService.close();
  }

  private void restore() throws Exception {
    try (Stream<Path> entries = Files.walk(rawDir)) {
      for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
        // Streams that are open on this directory are to go on seeing what is in it.
        boolean kept = entry.equals(rawDir.resolve("sub")) && Files.isDirectory(entry);
        if (!entry.equals(rawDir) && !kept) {
          Files.delete(entry);
        }
      }
    }
    Files.createDirectories(rawDir.resolve("sub"));
    Files.writeString(rawDir.resolve("sub/inner"), "x");
    Files.writeString(rawDir.resolve("file"), "x");
    Files.createSymbolicLink(rawDir.resolve("link"), Path.of("file"));
  }

  @Test
  void testEveryMethod_isOverridden() {
    List<String> missing = new ArrayList<>();
    missing.addAll(inherited(FileSystemProvider.class, Stock.PROVIDER.getClass()));
    missing.addAll(inherited(FileSystem.class, Stock.WRAPPED.getClass()));
    missing.addAll(inherited(Path.class, OffloadPath.class));
    missing.removeAll(INHERITED);
    assertEquals(List.of(), missing);
  }

  private static List<String> inherited(Class<?> api, Class<?> ours) {
    List<String> result = new ArrayList<>();
    for (Method method : ours.getMethods()) {
      Class<?> declaring = method.getDeclaringClass();
      if (!Modifier.isStatic(method.getModifiers())
          && declaring != Object.class
          && !declaring.getName().startsWith("dev.copyoffload")) {
        result.add(name(api, method));
      }
    }
    return result;
  }

  private static String name(Class<?> api, Method method) {
    StringBuilder name = new StringBuilder(api.getSimpleName() + "." + method.getName());
    if (method.getName().equals("resolve") || method.getName().equals("register")) {
      String separator = "(";
      for (Class<?> type : method.getParameterTypes()) {
        name.append(separator).append(type.getSimpleName());
        separator = ",";
      }
      name.append(')');
    }
    return name.toString();
  }

  @Test
  void testEveryMethod_returnsNothingRaw() throws Exception {
    for (Path path : List.of(dir, dir.resolve("file"), dir.resolve("link"), dir.resolve("sub"))) {
      callAll(Path.class, path, 2);
    }
    callAll(Path.class, Stock.WRAPPED.getPath("a/../b"), 1);
    callAll(FileSystem.class, Stock.WRAPPED, 2);
    callAll(FileSystemProvider.class, Stock.PROVIDER, 2);
    try (WatchService service = Stock.WRAPPED.newWatchService()) {
      WatchKey key = dir.register(service, StandardWatchEventKinds.ENTRY_CREATE);
      Files.writeString(dir.resolve("another"), "x");
      WatchKey polled = service.poll(10, TimeUnit.SECONDS);
      assertEquals(key, polled);
      callAll(WatchKey.class, key, 2);
    }
    assertEquals(List.of(), escaped);
    // A path came from each of these, so that the list above was empty for a reason.
    for (String method :
        List.of(
            "Path.getFileName",
            "Path.iterator",
            "Path.relativize",
            "Path.toRealPath",
            "Path.register(WatchService,Kind[],Modifier[])",
            "FileSystem.getRootDirectories",
            "FileSystemProvider.readSymbolicLink",
            "FileSystemProvider.getPath",
            "FileSystemProvider.newDirectoryStream",
            "SecureDirectoryStream.newDirectoryStream",
            "SecureDirectoryStream.iterator",
            "WatchKey.watchable",
            "WatchEvent.context")) {
      assertTrue(called.contains(method), () -> method + " is not among " + called);
    }
  }

  private void callAll(Class<?> api, Object target, int depth) throws Exception {
    for (Method method : api.getMethods()) {
      if (Modifier.isStatic(method.getModifiers())
          || method.getDeclaringClass() == Object.class
          || Set.of("close", "take", "forEach", "spliterator", "reset", "cancel")
              .contains(method.getName())) {
        continue;
      }
      for (boolean raw : new boolean[] {false, true}) {
        for (String name : List.of("file", "link", "sub", "new")) {
          restore();
          call(api, method, target, raw ? rawDir.resolve(name) : dir.resolve(name), depth);
        }
      }
    }
  }

  private void call(Class<?> api, Method method, Object target, Path path, int depth)
      throws Exception {
    @Nullable Object[] arguments = new @Nullable Object[method.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = argument(method, method.getParameterTypes()[i], path, i);
    }
    Object result;
    try {
      result = method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      // A refusal is an answer as well; but arguments of ours must never look foreign.
      if (cause instanceof ProviderMismatchException || cause instanceof ClassCastException) {
        escaped.add(name(api, method) + " refuses " + path + ": " + cause);
      }
      return;
    }
    check(name(api, method), result, depth);
    if (result instanceof Closeable closeable && !(result instanceof FileSystem)) {
      closeable.close();
    }
  }

  @SuppressWarnings("StreamResourceLeak") // the stream that is moved into ends with the test
  private @Nullable Object argument(Method method, Class<?> type, Path path, int index)
      throws Exception {
    if (type == Path.class) {
      return index == 0 ? path : path.resolveSibling("new");
    } else if (type == String.class) {
      return switch (method.getName()) {
        case "readAttributes" -> "unix:*";
        case "setAttribute" -> "basic:lastModifiedTime";
        case "getPathMatcher" -> "glob:*";
        default -> "file";
      };
    } else if (type == int.class) {
      return index;
    } else if (type == long.class) {
      return 1L;
    } else if (type == URI.class) {
      return method.getName().equals("getPath") ? path.toUri() : URI.create("file:///");
    } else if (type == Map.class) {
      return Map.of();
    } else if (type == Set.class) {
      return Set.of(StandardOpenOption.READ);
    } else if (type == Class.class) {
      return method.getName().equals("getFileAttributeView")
          ? BasicFileAttributeView.class
          : BasicFileAttributes.class;
    } else if (type == DirectoryStream.Filter.class) {
      return (DirectoryStream.Filter<Path>)
          entry -> {
            check("filter", entry, 0);
            return true;
          };
    } else if (type == WatchService.class) {
      return watchService;
    } else if (type == WatchEvent.Kind[].class) {
      return new WatchEvent.Kind<?>[] {StandardWatchEventKinds.ENTRY_CREATE};
    } else if (type == SecureDirectoryStream.class) {
      return Files.newDirectoryStream(dir);
    } else if (type == TimeUnit.class) {
      return TimeUnit.MILLISECONDS;
    } else if (type == Object.class && method.getDeclaringClass() == SecureDirectoryStream.class) {
      return path;
    } else if (type == ExecutorService.class || type == Object.class) {
      return null;
    } else if (type == Path[].class) {
      return new Path[] {path};
    } else if (type == String[].class) {
      return new String[] {"x"};
    } else if (Set.of(
            LinkOption[].class,
            OpenOption[].class,
            CopyOption[].class,
            AccessMode[].class,
            FileAttribute[].class,
            WatchEvent.Modifier[].class)
        .contains(type)) {
      return Array.newInstance(type.getComponentType(), 0);
    }
    throw new AssertionError("No argument for " + method);
  }

  private void check(String from, Object result, int depth) {
    if (result instanceof FileAttributeView || result instanceof BasicFileAttributes) {
      return;
    }
    if (result instanceof Path path) {
      called.add(from);
      if (!(path instanceof OffloadPath) || path.getFileSystem() != Stock.WRAPPED) {
        escaped.add(from + " gives " + path.getClass());
      }
      return;
    }
    for (Class<?> type : API) {
      if (type.isInstance(result)) {
        called.add(from);
        if (!result.getClass().getName().startsWith("dev.copyoffload")
            && !(result instanceof WatchEvent<?> event && event.context() == null)) {
          escaped.add(from + " gives " + result.getClass());
        }
        if (depth > 0 && type != FileSystem.class && type != FileSystemProvider.class) {
          try {
            callAll(type, result, depth - 1);
          } catch (Exception e) {
            throw new AssertionError(from, e);
          }
        }
        return;
      }
    }
    if (result instanceof Iterable<?> elements) {
      for (Object element : elements) {
        check(from, element, depth - 1);
      }
    } else if (result instanceof Iterator<?> elements) {
      while (elements.hasNext()) {
        check(from, elements.next(), depth - 1);
      }
    } else if (result instanceof Map<?, ?> map) {
      check(from, map.values(), depth);
    }
  }
}
