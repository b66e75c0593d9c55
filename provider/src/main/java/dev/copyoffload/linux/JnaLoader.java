package dev.copyoffload.linux;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.FileSystems;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Loads JNA a second time, for us alone: neither is the program's JNA in our way, whatever its
 * version, nor ours in the program's.
 */
final class JnaLoader extends URLClassLoader {
  private static final String JNA = "com.sun.jna.";
  private static final String OURS = "dev.copyoffload.linux.JnaKernel";

  /**
   * The jar in which the agent's jar keeps JNA: on nobody's class path, and one entry, since a new
   * JVM takes ten microseconds for each.
   */
  private static final String IN_AGENT = "META-INF/copyoffload-jna.jar";

  /** What that jar holds, by name; elsewhere nothing. */
  private final Map<String, byte[]> inAgent;

  private JnaLoader(Map<String, byte[]> inAgent, URL... places) {
    super(places, JnaLoader.class.getClassLoader());
    this.inAgent = inAgent;
  }

  /**
   * Loads JNA.
   *
   * @throws UnsupportedOperationException if there is none, or it would unpack its library where
   *     others may write
   */
  static Kernel load() throws ReflectiveOperationException {
    if (System.getProperty("jna.tmpdir") == null && !isHomeOurs()) {
      throw new UnsupportedOperationException(
          "JNA would unpack its library in a directory that is not the user's alone");
    }
    if (!canUnpack()) {
      throw new UnsupportedOperationException("JNA can unpack its library nowhere");
    }
    try {
      URL us = resource("dev/copyoffload/linux/JnaKernel.class");
      URL nested = resource(IN_AGENT);
      URL jna = nested == null ? resource("com/sun/jna/Native.class") : nested;
      if (jna == null || us == null) {
        throw new UnsupportedOperationException("there is no JNA");
      }
      URL ours = up(us, "dev/copyoffload/linux/JnaKernel.class");
      // Never closed: its classes stay in use.
      @SuppressWarnings("resource")
      JnaLoader loader =
          nested == null
              ? new JnaLoader(Map.of(), up(jna, "com/sun/jna/Native.class"), ours)
              : new JnaLoader(unpacked(nested), ours);
      if (!mayLoadNativeCode(loader.getUnnamedModule())) {
        throw new UnsupportedOperationException("--enable-native-access=ALL-UNNAMED is not given");
      }
      var constructor = loader.loadClass(OURS).getDeclaredConstructor();
      constructor.setAccessible(true);
      return (Kernel) constructor.newInstance();
    } catch (IOException e) {
      throw new UnsupportedOperationException(e);
    }
  }

  /** Where the JVM would warn of it, standard error is the program's. */
  private static boolean mayLoadNativeCode(Module module) throws ReflectiveOperationException {
    return Runtime.version().feature() < 24
        || (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(module);
  }

  private static @Nullable URL resource(String name) {
    ClassLoader own = JnaLoader.class.getClassLoader();
    return own == null ? ClassLoader.getSystemResource(name) : own.getResource(name);
  }

  private static Map<String, byte[]> unpacked(URL jar) throws IOException {
    Map<String, byte[]> files = new HashMap<>();
    try (ZipInputStream in = new ZipInputStream(jar.openStream())) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        files.put(entry.getName(), in.readAllBytes());
      }
    }
    return files;
  }

  /** The place that a resource was found in. */
  private static URL up(URL resource, String name) throws MalformedURLException {
    String text = resource.toString();
    return URI.create(text.substring(0, text.length() - name.length())).toURL();
  }

  /** A user without a home is given the directory "?" by the JVM. */
  private static boolean isHomeOurs() {
    String home = System.getProperty("user.home", "");
    return new File(home).isAbsolute() && new PublicPlace(FileSystems.getDefault()).isPrivate(home);
  }

  /** JNA would log it, on the program's standard error; these are the places it tries. */
  private static boolean canUnpack() {
    String wanted = System.getProperty("jna.tmpdir");
    if (wanted != null) {
      return new File(wanted).canWrite();
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    File parent =
        cache == null || cache.isBlank()
            ? new File(System.getProperty("user.home", ""), ".cache")
            : new File(cache);
    File at = new File(parent, "JNA/temp").getAbsoluteFile();
    while (at != null && !at.exists()) {
      at = at.getParentFile();
    }
    return (at != null && at.canWrite())
        || new File(System.getProperty("java.io.tmpdir", "")).canWrite();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(JNA) && !name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] file = inAgent.get(name.replace('.', '/').concat(".class"));
    return file == null ? super.findClass(name) : defineClass(name, file, 0, file.length);
  }

  @Override
  public @Nullable URL findResource(String name) {
    byte[] file = inAgent.get(name);
    if (file == null) {
      return super.findResource(name);
    }
    try {
      return new URL("copyoffload", null, -1, name, new InMemory(file));
    } catch (MalformedURLException e) {
      // A handler that is given is not looked for.
      throw new AssertionError(e);
    }
  }

  /** Answers with bytes that are there already. */
  private static final class InMemory extends URLStreamHandler {
    private final byte[] content;

    InMemory(byte[] content) {
      this.content = content;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {
          // Nothing to connect to.
        }

        @Override
        public InputStream getInputStream() {
          return new ByteArrayInputStream(content);
        }
      };
    }
  }

  @Override
  public @Nullable URL getResource(String name) {
    // JNA's library, of the same version as its classes.
    URL own = findResource(name);
    return own == null ? super.getResource(name) : own;
  }
}
