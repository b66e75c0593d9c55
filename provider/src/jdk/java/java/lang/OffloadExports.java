package java.lang;

import sun.nio.fs.OffloadKernel;

/**
 * Lets a module use the public classes of the packages that classes of ours are in.
 *
 * <p>A hidden nest mate of {@link Module}, to tell the JVM alone: by way of Java code it would take a
 * new JVM ten milliseconds of lambdas. It does so as it is initialised; nobody ever calls it.
 */
final class OffloadExports {
  static {
    Module base = Object.class.getModule();
    Module.addExports0(base, "sun.nio.fs", OffloadKernel.admitted());
    Module.addExports0(base, "sun.nio.ch", OffloadKernel.admitted());
  }

  private OffloadExports() {}
}
