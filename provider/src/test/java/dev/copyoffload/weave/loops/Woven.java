package dev.copyoffload.weave.loops;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Woven classes: who asks in them, and how they are loaded. */
final class Woven {
  static final String HOOK = "dev/copyoffload/weave/loops/Trial$Hook";

  private Woven() {}

  static byte[] weave(byte[] classFile) {
    byte[] woven = new LoopWeaver(HOOK).weave(classFile);
    return woven == null ? classFile : woven;
  }

  /** The names of the methods that call the hook. */
  static Set<String> methods(byte[] classFile) {
    Set<String> names = new TreeSet<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access,
                  String method,
                  String descriptor,
                  String signature,
                  String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitMethodInsn(
                      int opcode, String owner, String name, String type, boolean isInterface) {
                    if (owner.equals(HOOK)) {
                      names.add(method);
                    }
                  }
                };
              }
            },
            0);
    return names;
  }

  /** Loads and verifies a class. */
  static Class<?> load(String name, byte[] classFile) throws ReflectiveOperationException {
    return Class.forName(name, true, new Loader(classFile));
  }

  /** The same for a class that is there as well, as it was. */
  static Class<?> loadFirst(String name, byte[] classFile) {
    return new Loader(classFile).findClass(name);
  }

  static Method method(Class<?> type, String name) {
    Method method =
        Arrays.stream(type.getDeclaredMethods())
            .filter(each -> each.getName().equals(name))
            .findFirst()
            .orElseThrow();
    method.setAccessible(true);
    return method;
  }

  private static final class Loader extends ClassLoader {
    private final byte[] classFile;

    Loader(byte[] classFile) {
      super(Woven.class.getClassLoader());
      this.classFile = classFile;
    }

    @Override
    protected Class<?> findClass(String name) {
      return defineClass(name, classFile, 0, classFile.length);
    }
  }
}
