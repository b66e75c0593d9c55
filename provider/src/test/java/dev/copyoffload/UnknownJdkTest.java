package dev.copyoffload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * JDKs that are not as we know them, made of this one by other names: programs run as ever, nothing
 * goes to standard error, and doctor says why; the jars are those that were just built.
 */
class UnknownJdkTest {
  private static final Path BUILT =
      Path.of(System.getProperty("copyoffload.test.built", "nowhere"));

  private static final String AGENT = BUILT.resolve("copyoffload-agent.jar").toString();
  private static final String COPIER =
      Runtime.version().feature() < 20 ? "sun/nio/fs/UnixCopyFile" : "sun/nio/fs/UnixFileSystem";
  private static final int ASM = Opcodes.ASM9;

  @TempDir private Path temporary;

  /** What is different; always that the JDK itself minds none of it. */
  enum Difference {
    /** A method that we put a call in front of has another name. */
    COPY_ELSEWHERE(
        false,
        "  Files.copy, Files.move      the JDK's own: this JDK's "
            + COPIER.replace('/', '.')
            + " is not as we know it\n",
        "  FileChannel transfers       offloaded") {
      @Override
      byte[] change(String name, byte[] classFile) {
        return renamed(classFile, COPIER, "copyFile", "copyOneFile");
      }
    },
    CHANNEL_FIELD(
        true,
        "  Files.copy, Files.move      offloaded\n",
        "  FileChannel transfers       the JDK's own") {
      @Override
      byte[] change(String name, byte[] classFile) {
        return renamed(classFile, "sun/nio/ch/FileChannelImpl", "threads", "crew");
      }
    },
    BYTES_OF_PATHS(
        true,
        "  Files.copy, Files.move      the JDK's own\n",
        "  native                      no: java.lang.NoSuchMethodError: ") {
      @Override
      byte[] change(String name, byte[] classFile) {
        return renamed(
            classFile, "sun/nio/fs/UnixPath", "getByteArrayForSysCalls", "bytesForSysCalls");
      }
    },
    NO_DOOR(
        false,
        "  mode                        not installed:"
            + " java.lang.UnsupportedOperationException: java.base lets nobody in",
        "  FileChannel transfers       the JDK's own\n") {
      @Override
      byte[] change(String name, byte[] classFile) {
        return name.equals("sun/nio/fs/FileOwnerAttributeViewImpl")
                || name.equals("sun/nio/fs/UnixFileKey")
            ? initialised(classFile)
            : classFile;
      }
    };

    /** Whether it concerns the way in without an agent as well. */
    private final boolean lean;

    private final String ofCopies;
    private final String ofTransfers;

    Difference(boolean lean, String ofCopies, String ofTransfers) {
      this.lean = lean;
      this.ofCopies = ofCopies;
      this.ofTransfers = ofTransfers;
    }

    abstract byte[] change(String name, byte[] classFile);
  }

  /** A class file for which a member of a class has another name. */
  private static byte[] renamed(byte[] classFile, String owner, String name, String other) {
    if (!new String(classFile, StandardCharsets.ISO_8859_1).contains(name)) {
      return classFile;
    }
    ClassReader in = new ClassReader(classFile);
    ClassWriter out = new ClassWriter(0);
    in.accept(new Renaming(out, owner, name, other), 0);
    return out.toByteArray();
  }

  private static final class Renaming extends ClassVisitor {
    private final String owner;
    private final String name;
    private final String other;
    private String visited = "";

    Renaming(ClassVisitor out, String owner, String name, String other) {
      super(ASM, out);
      this.owner = owner;
      this.name = name;
      this.other = other;
    }

    private String map(String of, String found) {
      return of.equals(owner) && found.equals(name) ? other : found;
    }

    @Override
    public void visit(
        int version,
        int access,
        String type,
        String signature,
        String parent,
        String[] interfaces) {
      visited = type;
      super.visit(version, access, type, signature, parent, interfaces);
    }

    @Override
    public FieldVisitor visitField(
        int access, String field, String descriptor, String signature, Object value) {
      return super.visitField(access, map(visited, field), descriptor, signature, value);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String method, String descriptor, String signature, String[] exceptions) {
      MethodVisitor code =
          super.visitMethod(access, map(visited, method), descriptor, signature, exceptions);
      return new MethodVisitor(ASM, code) {
        @Override
        public void visitFieldInsn(int opcode, String of, String field, String type) {
          super.visitFieldInsn(opcode, of, map(of, field), type);
        }

        @Override
        public void visitMethodInsn(
            int opcode, String of, String method, String type, boolean isInterface) {
          super.visitMethodInsn(opcode, of, map(of, method), type, isInterface);
        }
      };
    }
  }

  private static byte[] initialised(byte[] classFile) {
    ClassReader in = new ClassReader(classFile);
    ClassWriter out = new ClassWriter(0);
    in.accept(out, 0);
    MethodVisitor code = out.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
    return out.toByteArray();
  }

  private Path jdkWith(Difference difference) throws Exception {
    Path classes = temporary.resolve("classes");
    Path modules = Path.of(URI.create("jrt:/java.base"));
    for (String of : List.of("sun/nio/fs", "sun/nio/ch")) {
      try (var files = Files.newDirectoryStream(modules.resolve(of), "*.class")) {
        for (Path file : files) {
          String name = modules.relativize(file).toString();
          byte[] before = Files.readAllBytes(file);
          byte[] after = difference.change(name.replace(".class", ""), before);
          if (!Arrays.equals(before, after)) {
            Path changed = classes.resolve(name);
            Files.createDirectories(changed.getParent());
            Files.write(changed, after);
          }
        }
      }
    }
    assertTrue(Files.exists(classes), "nothing is different");
    return classes;
  }

  private Jvm run(Path jdk, List<String> flags, String... program) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("--patch-module", "java.base=" + jdk));
    arguments.addAll(flags);
    arguments.addAll(List.of(program));
    return Jvm.runJava(Files.createTempDirectory(temporary, "d"), arguments);
  }

  private Jvm run(Path jdk, List<String> flags, JvmProbe probe) throws Exception {
    Path dir = Files.createTempDirectory(temporary, "p");
    String classPath = Jvm.locationOf(JvmProbe.class);
    return run(
        jdk, flags, "-cp", classPath, JvmProbe.class.getName(), probe.name(), dir.toString());
  }

  @ParameterizedTest
  @EnumSource
  void test(Difference difference) throws Exception {
    Path jdk = jdkWith(difference);
    Jvm stock = run(jdk, List.of(), JvmProbe.PROGRAM);
    assertEquals(0, stock.exitCode(), stock::output);
    List<List<String>> ways = new ArrayList<>(List.of(List.of("-javaagent:" + AGENT)));
    if (difference.lean) {
      ways.add(List.of("@" + BUILT.resolve("copyoffload.options")));
    }
    for (List<String> way : ways) {
      String output = run(jdk, way, JvmProbe.PROGRAM).output();
      assertEquals(stock.output(), output.replaceFirst("> offloaded: .*\n", ""));
      Jvm doctor = run(jdk, way, "-jar", AGENT, "doctor", temporary.toString());
      for (String line : List.of(difference.ofCopies, difference.ofTransfers)) {
        assertTrue(doctor.output().contains(line), doctor::output);
      }
      assertEquals(0, doctor.exitCode());
    }
  }
}
