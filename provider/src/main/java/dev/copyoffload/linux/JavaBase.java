package dev.copyoffload.linux;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;
import sun.nio.fs.OffloadKernel;

/**
 * Gets classes of ours into packages of java.base, by the first way that is open: the agent has
 * defined them; {@code --add-opens java.base/sun.nio.fs} lets us; or native code does.
 */
public final class JavaBase {
  private static final String PACKAGE = "sun.nio.fs";
  private static final String KERNEL = "sun.nio.fs.OffloadKernel";

  private static @Nullable String obstacle;
  private static boolean tried;
  private static volatile boolean entered;

  private JavaBase() {}

  /** Whether classes of ours are there. */
  public static boolean isEntered() {
    return entered;
  }

  /** Enters if that loads no native code; whether classes of ours are there now. */
  public static boolean enterIfOpen() {
    return entered || (isOpen() && enter(null) == null);
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
   * Enters, once; may be called by a provider while the default file system is being set up, if the
   * package is open.
   *
   * @param stub the shared object, for the case that nothing is open; null to load none
   * @return null, or why it cannot be
   */
  static synchronized @Nullable String enter(byte @Nullable [] stub) {
    if (tried) {
      return obstacle;
    }
    tried = true;
    try {
      if (isOpen()) {
        enterOpened();
      } else if (!isWithAgent()) {
        obstacle = stub == null ? "java.base is not open" : enterByStub(stub);
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

  private static @Nullable String enterByStub(byte[] stub) throws ReflectiveOperationException {
    String problem = new StubFile(new NioPlace()).load(stub);
    if (problem != null) {
      return problem;
    }
    MethodHandles.Lookup lookup = TrustedLookup.get().in(Class.forName("sun.nio.fs.UnixPath"));
    Class<?> kernel = find(KERNEL);
    if (kernel == null) {
      kernel = lookup.defineClass(OffloadKernelBytes.get());
    }
    MethodHandle admit =
        lookup.findStatic(
            kernel, "admit", MethodType.methodType(void.class, Module.class, byte[].class));
    try {
      admit.invokeExact(JavaBase.class.getModule(), OffloadExportsBytes.get());
    } catch (Throwable e) {
      throw new LinkageError("admit", e);
    }
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
