package java.lang;

/** What {@link OffloadExports} calls. Only compiled against: at run time the JDK's own is there. */
public final class Module {
  private Module() {}

  static native void addExports0(Module from, String packageName, Module to);
}
