package dev.copyoffload.linux;

import java.lang.invoke.MethodHandles;
import java.nio.file.FileSystem;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import sun.nio.fs.OffloadKernel;

/**
 * Gets classes of ours into packages of java.base, by the first way that is open: the agent has
 * defined them; {@code --add-opens java.base/sun.nio.fs} lets us; or native code does.
 */
public final class JavaBase {
  private static final String PACKAGE = "sun.nio.fs";
  private static final String KERNEL = "sun.nio.fs.OffloadKernel";

  private static final String NOT_OPEN = "java.base is not open";

  private static @Nullable String obstacle;
  private static boolean tried;
  private static volatile boolean entered;
  private static volatile boolean kernelLoaded;

  private JavaBase() {}

  /** Whether classes of ours are there. */
  public static boolean isEntered() {
    return entered;
  }

  /**
   * Whether the stub is loaded for the class whose system call it is: by its class loader, ours.
   */
  static boolean isKernelLoaded() {
    return kernelLoaded;
  }

  /** Enters if that loads no native code; whether classes of ours are there now. */
  public static boolean enterIfOpen() {
    return entered || (isOpen() && enter(null, null) == null);
  }

  /**
   * Enters for the provider that takes the place of the JDK's, while the default file system is
   * being set up: if a flag opens the package; else by the stub, on the boot class path. Elsewhere
   * that would warn, from JDK 24 on, in JVMs that copy nothing.
   *
   * @param files the JDK's own file system
   * @return null, or why it cannot be
   */
  public static @Nullable String enterFirst(FileSystem files) {
    if (isOpen()) {
      return enter(null, null);
    }
    boolean loads =
        JavaBase.class.getClassLoader() == null
            && !isWithAgent()
            && Capability.NATIVE.isEnabled()
            && Capability.STUB.isEnabled();
    return loads ? enter(StubBytes.of(System.getProperty("os.arch", "")), files) : NOT_OPEN;
  }

  /**
   * Defines a class of a package of java.base where it is not there yet; once {@link #isEntered()}.
   *
   * @throws LinkageError if this JDK does not take it
   */
  public static synchronized void define(String name, byte[] classFile) {
    if (find(name) == null) {
      OffloadKernel.define(classFile);
    }
  }

  /** Whether a package of the JDK is open to us, so that nothing has to be loaded to enter it. */
  private static boolean isOpen() {
    return Object.class.getModule().isOpen(PACKAGE, JavaBase.class.getModule());
  }

  /** Whether the agent has defined the first classes of ours, for the boot loader. */
  private static boolean isWithAgent() {
    return JavaBase.class.getClassLoader() == null && find(KERNEL) != null;
  }

  /**
   * Enters, once.
   *
   * @param stub the shared object, for the case that nothing is open; null to load none
   * @param files where it is written
   * @return null, or why it cannot be
   */
  static synchronized @Nullable String enter(byte @Nullable [] stub, @Nullable FileSystem files) {
    if (tried) {
      return obstacle;
    }
    tried = true;
    try {
      if (isOpen()) {
        enterOpened();
      } else if (!isWithAgent()) {
        obstacle = stub == null || files == null ? NOT_OPEN : enterByStub(stub, files);
      }
      entered = obstacle == null;
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // A JDK that we do not know.
      obstacle = "this JDK lets no class into ".concat(PACKAGE).concat(": ").concat(e.toString());
    }
    return obstacle;
  }

  private static void enterOpened() throws ReflectiveOperationException {
    if (find(KERNEL) == null) {
      MethodHandles.privateLookupIn(Class.forName("sun.nio.fs.UnixPath"), MethodHandles.lookup())
          .defineClass(OffloadKernelBytes.get());
    }
    OffloadKernel.admit(JavaBase.class.getModule(), OffloadExportsBytes.get());
  }

  private static @Nullable String enterByStub(byte[] stub, FileSystem files)
      throws ReflectiveOperationException {
    String problem = new PublicPlace(files).loadStub(stub);
    if (problem != null) {
      return problem;
    }
    if (find(KERNEL) == null) {
      TrustedLookup.get()
          .in(Class.forName("sun.nio.fs.UnixPath"))
          .defineClass(OffloadKernelBytes.get());
    }
    // A method handle would take some milliseconds.
    @SuppressWarnings("unchecked")
    BiConsumer<Module, byte[]> admission =
        (BiConsumer<Module, byte[]>)
            TrustedLookup.valueOf(Class.forName(KERNEL, true, null), "ADMISSION");
    admission.accept(JavaBase.class.getModule(), OffloadExportsBytes.get());
    kernelLoaded = JavaBase.class.getClassLoader() == null;
    return null;
  }

  private static @Nullable Class<?> find(String name) {
    try {
      return Class.forName(name, false, null);
    } catch (ClassNotFoundException e) {
      // Not defined yet, by us or by another class loader's copy of us.
      return null;
    }
  }
}
