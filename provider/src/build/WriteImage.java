import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Packs the classes that the agent defines for the boot loader in six images, each class file
 * behind its length, superclasses first: those that a program may name and that the JDK asks, with
 * what weaves; those that look at loops, those that a plain first copy needs if it shares, those
 * that one needs which moves bytes or has options, those that a transfer needs, and the rest.
 *
 * <p>Where code of one image names a class of a later one, a call of {@code Completion} goes before
 * it, which has that image defined: most sources know nothing of images.
 *
 * <pre>
 * java WriteImage.java CLASSES FIRST LOOPS CORE MOVING TRANSFERS REST
 * </pre>
 */
final class WriteImage {
  private static final String OURS = "dev/copyoffload/";

  private static final String COMPLETION = OURS + "linux/Completion";

  private static final String ASKED = OURS + "provider/AskedByJdk";

  /** What lets the others in. */
  private static final String ADMISSION = "java/lang/OffloadExports";

  private static final List<String> FIRST =
      List.of(
          // These three in this order.
          "sun/nio/fs/OffloadImage",
          "sun/nio/fs/OffloadKernel",
          ADMISSION,
          "sun/nio/fs/CopyHook",
          "sun/nio/ch/TransferHook",
          "java/io/OffloadLoop",
          COMPLETION,
          OURS + "linux/Capability",
          OURS + "weave/JdkWeaver",
          OURS + "weave/EntryWeaver",
          OURS + "weave/EntryWeaver$Entry",
          OURS + "weave/loops/LoopWeaver",
          OURS + "weave/loops/ClassFile",
          ASKED,
          OURS + "provider/FirstCopies",
          OURS + "transfer/OfferingHook",
          OURS + "CopyOffload",
          OURS + "CopyProgress",
          OURS + "CopyProgress$Listener",
          OURS + "OffloadCopyOption",
          OURS + "OffloadFileSystemProvider",
          OURS + "provider/OffloadSchemeProvider",
          OURS + "TreeCopyOption",
          OURS + "TreeCopyException",
          OURS + "CopyStatistics",
          OURS + "CopyOffloadMXBean");

  /** By package. A class that is missing here costs a first copy all that are not. */
  private static final Map<String, String> CORE =
      Map.of(
          "file",
          "CopyPolicy FileCopies FileCopy NewFile RawPath",
          "engine",
          "Cancellation Cancellation$1 CopyMethod CopyReport CopyRun Engine FilePair FilePolicy"
              + " MethodChains NonSharingDevices Outcome Outcome$Cancelled Outcome$Completed"
              + " Outcome$Declined Outcome$Failed Range Reflink",
          "linux",
          "Blocking Constants Descriptor Errno FileStatus JavaBase Kernel"
              + " LinuxSystemCalls Place Platform NativeBuffer NativeBuffer$Slot"
              + " StubBytes StubKernel SystemCall SystemCalls VerificationProbe",
          "observe",
          "CopyObserver Recorder Totals");

  /** The same for what moves bytes, or has options. */
  private static final Map<String, String> MOVING =
      Map.of(
          "file",
          "FileAttributes OffloadOptions",
          "engine",
          "Buffers ErrnoPolicy FileSystemType FileSystemType$Ability MethodChains$Moving"
              + " Pipe Pool ReadWrite Reason Reason$Refused Reason$Rule Reason$Tried Sendfile Splice",
          "linux",
          "FileSystemStatus");

  /** The same for a transfer between open files. */
  private static final Map<String, String> TRANSFERS =
      Map.of(
          "transfer",
          "ChannelOffload ChannelTransfer ChannelTransfer$Transfer DeclineBackoff"
              + " FileChannelInternals FileChannelInternals$Found FileChannelInternals$Interrupt"
              + " HeldChannels OffloadInputStream Rounds StackProbe StreamTransfer",
          "engine",
          "ChunkedMethod RangeCopy ReflinkRange SharedMiddle TransferGate");

  private WriteImage() {}

  public static void main(String... args) throws IOException {
    if (args.length != 7) {
      throw new IllegalArgumentException(
          "usage: WriteImage CLASSES FIRST LOOPS CORE MOVING TRANSFERS REST");
    }
    Path classes = Path.of(args[0]);
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.sorted().toList()) {
        String name = classes.relativize(file).toString().replace(".class", "");
        if (file.toString().endsWith(".class") && isWanted(name)) {
          files.put(name, Files.readAllBytes(file));
        }
      }
    }
    List<String> loops =
        files.keySet().stream().filter(name -> name.startsWith(OURS + "weave/loops/")).toList();
    List<String> transfers = names(TRANSFERS);
    transfers.add("sun/nio/ch/OffloadChannels");
    Map<String, Set<String>> images = new LinkedHashMap<>();
    Set<String> there = new LinkedHashSet<>();
    for (Map.Entry<String, ? extends Collection<String>> image :
        List.of(
            Map.entry("", FIRST),
            Map.entry("requireLoops", loops),
            Map.entry("requireCore", names(CORE)),
            Map.entry("requireMoving", names(MOVING)),
            Map.entry("requireTransfers", transfers),
            Map.entry("require", files.keySet()))) {
      Set<String> packed = withSupertypes(image.getValue(), files, there);
      images.put(image.getKey(), packed);
      there.addAll(packed);
    }
    // From the last one back: each knows which classes come later, and what defines them.
    List<String> definers = new ArrayList<>(images.keySet());
    Map<String, String> later = new TreeMap<>();
    for (int i = definers.size() - 1; i >= 0; i--) {
      String definer = definers.get(i);
      Files.write(Path.of(args[i + 1]), image(images.get(definer), files, later));
      images.get(definer).forEach(name -> later.put(name, definer));
    }
  }

  private static List<String> names(Map<String, String> byPackage) {
    List<String> names = new ArrayList<>();
    new TreeMap<>(byPackage)
        .forEach(
            (name, all) -> {
              for (String simpleName : all.split(" ")) {
                names.add(OURS + name + "/" + simpleName);
              }
            });
    return names;
  }

  /**
   * Packs classes.
   *
   * @param definers by class that is not there yet, the method of {@code Completion} that defines it
   */
  private static byte[] image(
      Set<String> names, Map<String, byte[]> files, Map<String, String> definers)
      throws IOException {
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(image);
    for (String name : names) {
      byte[] file = files.get(name);
      ClassWriter writer = new ClassWriter(0);
      new ClassReader(file)
          .accept(new Completing(writer, forCodeOf(name, definers)), 0);
      file = writer.toByteArray();
      out.writeInt(file.length);
      out.write(file);
    }
    return image.toByteArray();
  }

  private static Map<String, String> forCodeOf(String name, Map<String, String> definers) {
    if (name.equals(COMPLETION)) {
      return Map.of();
    }
    if (!name.equals(ASKED)) {
      return definers;
    }
    // It asks by itself whether what a copy needs is there, and does without if it is not.
    Map<String, String> wanted = new TreeMap<>(definers);
    wanted.values().removeIf("requireCore"::equals);
    return wanted;
  }

  /** Puts calls before what names a class that is not there yet: they leave the stack as it is. */
  private static final class Completing extends ClassVisitor {
    private final Map<String, String> definers;

    Completing(ClassVisitor to, Map<String, String> definers) {
      super(Opcodes.ASM9, to);
      this.definers = definers;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor to = super.visitMethod(access, name, descriptor, signature, exceptions);
      return new MethodVisitor(Opcodes.ASM9, to) {
        private void before(Type type) {
          if (type.getSort() == Type.METHOD) {
            before(type.getReturnType());
            for (Type argument : type.getArgumentTypes()) {
              before(argument);
            }
          } else if (type.getSort() == Type.ARRAY) {
            before(type.getElementType());
          } else if (type.getSort() == Type.OBJECT) {
            String definer = definers.get(type.getInternalName());
            if (definer != null) {
              super.visitMethodInsn(Opcodes.INVOKESTATIC, COMPLETION, definer, "()V", false);
            }
          }
        }

        private void before(Object constant) {
          if (constant instanceof Type type) {
            before(type);
          } else if (constant instanceof Handle handle) {
            before(Type.getObjectType(handle.getOwner()));
            before(Type.getType(handle.getDesc()));
          } else if (constant instanceof ConstantDynamic) {
            throw new IllegalStateException("a dynamic constant");
          }
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
          before(Type.getObjectType(type));
          super.visitTypeInsn(opcode, type);
        }

        @Override
        public void visitMultiANewArrayInsn(String array, int dimensions) {
          before(Type.getType(array));
          super.visitMultiANewArrayInsn(array, dimensions);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String field, String type) {
          before(Type.getObjectType(owner));
          super.visitFieldInsn(opcode, owner, field, type);
        }

        @Override
        public void visitMethodInsn(
            int opcode, String owner, String method, String type, boolean isInterface) {
          before(Type.getObjectType(owner));
          super.visitMethodInsn(opcode, owner, method, type, isInterface);
        }

        @Override
        public void visitLdcInsn(Object constant) {
          before(constant);
          super.visitLdcInsn(constant);
        }

        @Override
        public void visitInvokeDynamicInsn(
            String method, String type, Handle bootstrap, Object... arguments) {
          before(Type.getMethodType(type));
          for (Object argument : arguments) {
            before(argument);
          }
          super.visitInvokeDynamicInsn(method, type, bootstrap, arguments);
        }

        @Override
        public void visitLocalVariable(
            String variable, String type, String generic, Label start, Label end, int index) {
          // The names of locals are a seventh of an image, and the JVM reads them.
        }

        @Override
        public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
          if (type != null && definers.containsKey(type)) {
            throw new IllegalStateException("a handler for " + type + " of a later image");
          }
          super.visitTryCatchBlock(start, end, handler, type);
        }
      };
    }
  }

  private static boolean isWanted(String name) {
    if (name.startsWith("java/") || name.startsWith("sun/")) {
      // The others are defined from their bytes: before the rest, hidden, or not by the agent.
      return name.equals(ADMISSION)
          || name.endsWith("/OffloadImage")
          || name.endsWith("/OffloadKernel")
          || name.endsWith("/CopyHook")
          || name.endsWith("/TransferHook")
          || name.endsWith("/OffloadLoop")
          || name.endsWith("/OffloadChannels");
    }
    return !name.startsWith("dev/copyoffload/agent/")
        && !name.endsWith("package-info")
        // Another class loader's, with JNA.
        && !name.contains("/JnaKernel");
  }

  /** The classes and what they extend, unless that is there already. */
  private static Set<String> withSupertypes(
      Iterable<String> names, Map<String, byte[]> files, Set<String> there) {
    Set<String> ordered = new LinkedHashSet<>(there);
    for (String name : names) {
      if (!files.containsKey(name)) {
        throw new IllegalStateException(name + " is not there");
      }
      addBehindItsSupertypes(name, files, ordered);
    }
    ordered.removeAll(there);
    return ordered;
  }

  private static void addBehindItsSupertypes(
      String name, Map<String, byte[]> files, Set<String> ordered) {
    ClassReader reader = new ClassReader(files.get(name));
    List<String> supertypes = new ArrayList<>(List.of(reader.getInterfaces()));
    supertypes.add(reader.getSuperName());
    for (String supertype : supertypes) {
      if (files.containsKey(supertype) && !ordered.contains(supertype)) {
        addBehindItsSupertypes(supertype, files, ordered);
      }
    }
    ordered.add(name);
  }
}
