package dev.copyoffload.linux;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import org.jspecify.annotations.Nullable;

/**
 * Loads JNA a second time, for us alone: neither is the program's JNA in our way, whatever its
 * version, nor ours in the program's.
 */
final class JnaLoader extends URLClassLoader {
  private static final String JNA = "com.sun.jna.";
  private static final String OURS = "dev.copyoffload.linux.JnaKernel";

  /** Where the agent's jar keeps JNA, so that it is on nobody's class path. */
  private static final String IN_AGENT = "META-INF/copyoffload-jna/";

  private JnaLoader(URL[] places) {
    super(places, JnaLoader.class.getClassLoader());
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
    ClassLoader own = JnaLoader.class.getClassLoader();
    try {
      URL inAgent = resource(own, IN_AGENT.concat("com/sun/jna/Native.class"));
      URL jna = inAgent != null ? inAgent : resource(own, "com/sun/jna/Native.class");
      URL us = resource(own, "dev/copyoffload/linux/JnaKernel.class");
      if (jna == null || us == null) {
        throw new UnsupportedOperationException("there is no JNA");
      }
      // Never closed: its classes stay in use.
      @SuppressWarnings("resource")
      JnaLoader loader =
          new JnaLoader(
              new URL[] {
                up(jna, "com/sun/jna/Native.class"), up(us, "dev/copyoffload/linux/JnaKernel.class")
              });
      if (!mayLoadNativeCode(loader.getUnnamedModule())) {
        throw new UnsupportedOperationException("--enable-native-access=ALL-UNNAMED is not given");
      }
      var constructor = loader.loadClass(OURS).getDeclaredConstructor();
      constructor.setAccessible(true);
      return (Kernel) constructor.newInstance();
    } catch (MalformedURLException e) {
      throw new UnsupportedOperationException(e);
    }
  }

  /** Where the JVM would warn of it, standard error is the program's. */
  private static boolean mayLoadNativeCode(Module module) throws ReflectiveOperationException {
    return Runtime.version().feature() < 24
        || (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(module);
  }

  private static @Nullable URL resource(@Nullable ClassLoader loader, String name) {
    return loader == null ? ClassLoader.getSystemResource(name) : loader.getResource(name);
  }

  /** The place that a resource was found in. */
  private static URL up(URL resource, String name) throws MalformedURLException {
    String text = resource.toString();
    return URI.create(text.substring(0, text.length() - name.length())).toURL();
  }

  /** A user without a home is given the directory "?" by the JVM. */
  private static boolean isHomeOurs() {
    String home = System.getProperty("user.home", "");
    return new File(home).isAbsolute() && new StubFile(new NioPlace()).isPrivate(home);
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
  public @Nullable URL getResource(String name) {
    // JNA's library, of the same version as its classes.
    URL own = findResource(name);
    return own == null ? super.getResource(name) : own;
  }
}
