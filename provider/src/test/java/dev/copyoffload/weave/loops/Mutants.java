package dev.copyoffload.weave.loops;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Classes of one copying method with a change in its instructions, which may be no longer valid.
 */
final class Mutants {
  /** Classes of it need not say what types are where: changed ones would always say it wrong. */
  private static final int VERSION = Opcodes.V1_5;

  /** The local that holds a method's last argument. */
  private static final int SIZE = 6;

  /**
   * An instruction.
   *
   * @param operand the local or the number, or 0
   */
  private record Step(Consumer<Copy> visit, int opcode, int operand, @Nullable Label target) {}

  /** A method being written; each has labels of its own. */
  private record Copy(MethodVisitor method, Map<Label, Label> labels) {
    Label label(Label of) {
      return labels.computeIfAbsent(of, key -> new Label());
    }

    Label[] labels(Label[] of) {
      return Stream.of(of).map(this::label).toArray(Label[]::new);
    }
  }

  private final byte[] rest;
  private final Map<String, List<Step>> bodies = new HashMap<>();

  Mutants(byte[] classFile) {
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access,
                  String name,
                  String descriptor,
                  String signature,
                  String[] exceptions) {
                List<Step> body = new ArrayList<>();
                bodies.put(name, body);
                return new Recorder(body);
              }
            },
            ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    this.rest = with(classFile, "", body -> {});
  }

  /** The class with only one of the methods, and that one changed. */
  byte[] mutant(String method, Random random) {
    List<Step> body = new ArrayList<>(bodies.get(method));
    for (int i = random.nextInt(4) / 2; i >= 0; i--) {
      mutate(body, random);
    }
    return with(
        rest,
        method,
        visitor -> {
          visitor.visitCode();
          Copy copy = new Copy(visitor, new HashMap<>());
          body.forEach(step -> step.visit.accept(copy));
          visitor.visitMaxs(0, 0);
          visitor.visitEnd();
        });
  }

  /** The class without those methods that are samples, and with one that is written here. */
  private static byte[] with(byte[] classFile, String method, Consumer<MethodVisitor> code) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public void visit(
                  int version,
                  int access,
                  String name,
                  String signature,
                  String parent,
                  String[] interfaces) {
                super.visit(VERSION, access, name, signature, parent, interfaces);
              }

              @Override
              public @Nullable MethodVisitor visitMethod(
                  int access,
                  String name,
                  String descriptor,
                  String signature,
                  String[] exceptions) {
                return name.contains("_")
                    ? null
                    : super.visitMethod(access, name, descriptor, signature, exceptions);
              }
            },
            ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    if (!method.isEmpty()) {
      code.accept(writer.visitMethod(Opcodes.ACC_STATIC, method, Samples.DESCRIPTOR, null, null));
    }
    return writer.toByteArray();
  }

  private static void mutate(List<Step> body, Random random) {
    int kind = random.nextInt(11);
    if (kind == 10) {
      choose(body, random);
      return;
    }
    int at = random.nextInt(body.size());
    while (kind < 6 ? !isChangeable(body.get(at)) : body.get(at).opcode < 0) {
      at = random.nextInt(body.size());
    }
    if (kind < 6) {
      body.set(at, changed(body.get(at), body, random));
      return;
    }
    // A few at once leave the stack as it was more often than one.
    int end = Math.min(body.size(), at + 1 + random.nextInt(7));
    List<Step> steps = new ArrayList<>(body.subList(at, end));
    steps.removeIf(step -> step.opcode < 0);
    if (kind < 8) {
      body.removeAll(steps);
    }
    if (kind > 6) {
      body.addAll(random.nextInt(body.size()), steps);
    }
  }

  /** Puts a switch in front of something, most often of what a jump leads to. */
  private static void choose(List<Step> body, Random random) {
    List<Label> labels =
        body.stream().filter(step -> step.target != null).map(Step::target).toList();
    int at = random.nextInt(body.size());
    while (body.get(at).opcode >= 0 && random.nextInt(20) > 0) {
      at = random.nextInt(body.size());
    }
    Label[] targets = new Label[1 + random.nextInt(4)];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = labels.get(random.nextInt(labels.size()));
    }
    Label otherwise = labels.get(random.nextInt(labels.size()));
    int first = random.nextInt(10);
    int[] keys = IntStream.range(0, targets.length).map(i -> first + 3 * i).toArray();
    body.add(
        at,
        random.nextBoolean()
            ? table(first, first + targets.length - 1, otherwise, targets)
            : lookup(otherwise, keys, targets));
    body.add(at, variable(Opcodes.ILOAD, SIZE));
  }

  private static boolean isChangeable(Step step) {
    int opcode = step.opcode;
    return step.target != null
        || (opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5)
        || (opcode >= Opcodes.ILOAD && opcode <= Opcodes.ALOAD)
        || (opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE)
        || opcode == Opcodes.IADD
        || opcode == Opcodes.LADD
        || opcode == Opcodes.IINC;
  }

  private static Step changed(Step step, List<Step> body, Random random) {
    int opcode = step.opcode;
    if (step.target != null) {
      List<Label> labels =
          body.stream().filter(each -> each.target != null).map(Step::target).toList();
      boolean retarget = random.nextBoolean();
      Label target = retarget ? labels.get(random.nextInt(labels.size())) : step.target;
      int jump = retarget || opcode == Opcodes.GOTO ? opcode : alike(opcode, random);
      return jump(jump, target);
    }
    if ((opcode >= Opcodes.ILOAD && opcode <= Opcodes.ALOAD)
        || (opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE)) {
      List<Integer> locals =
          body.stream().filter(each -> each.opcode == opcode).map(Step::operand).toList();
      return variable(opcode, locals.get(random.nextInt(locals.size())));
    }
    if (opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5) {
      return plain(Opcodes.ICONST_M1 + random.nextInt(4));
    }
    return switch (opcode) {
      case Opcodes.IADD -> plain(random.nextBoolean() ? Opcodes.ISUB : Opcodes.IMUL);
      case Opcodes.LADD -> plain(random.nextBoolean() ? Opcodes.LSUB : Opcodes.LOR);
      default -> increment(step.operand, random.nextInt(5) - 2);
    };
  }

  private static int alike(int opcode, Random random) {
    if (opcode <= Opcodes.IFLE) {
      return Opcodes.IFEQ + random.nextInt(6);
    }
    if (opcode <= Opcodes.IF_ICMPLE) {
      return Opcodes.IF_ICMPEQ + random.nextInt(6);
    }
    return opcode <= Opcodes.IF_ACMPNE
        ? Opcodes.IF_ACMPEQ + random.nextInt(2)
        : Opcodes.IFNULL + random.nextInt(2);
  }

  private static Step plain(int opcode) {
    return new Step(copy -> copy.method.visitInsn(opcode), opcode, 0, null);
  }

  private static Step variable(int opcode, int local) {
    return new Step(copy -> copy.method.visitVarInsn(opcode, local), opcode, local, null);
  }

  private static Step increment(int local, int by) {
    return new Step(copy -> copy.method.visitIincInsn(local, by), Opcodes.IINC, local, null);
  }

  private static Step jump(int opcode, Label target) {
    return new Step(
        copy -> copy.method.visitJumpInsn(opcode, copy.label(target)), opcode, 0, target);
  }

  private static Step table(int first, int last, Label otherwise, Label... targets) {
    return new Step(
        copy ->
            copy.method.visitTableSwitchInsn(
                first, last, copy.label(otherwise), copy.labels(targets)),
        Opcodes.TABLESWITCH,
        0,
        null);
  }

  private static Step lookup(Label otherwise, int[] keys, Label... targets) {
    return new Step(
        copy ->
            copy.method.visitLookupSwitchInsn(copy.label(otherwise), keys, copy.labels(targets)),
        Opcodes.LOOKUPSWITCH,
        0,
        null);
  }

  private static final class Recorder extends MethodVisitor {
    private final List<Step> body;

    Recorder(List<Step> body) {
      super(Opcodes.ASM9);
      this.body = body;
    }

    private void add(Consumer<Copy> visit, int opcode) {
      body.add(new Step(visit, opcode, 0, null));
    }

    @Override
    public void visitInsn(int opcode) {
      body.add(plain(opcode));
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      add(copy -> copy.method.visitIntInsn(opcode, operand), opcode);
    }

    @Override
    public void visitVarInsn(int opcode, int local) {
      body.add(variable(opcode, local));
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      add(copy -> copy.method.visitTypeInsn(opcode, type), opcode);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String type) {
      add(copy -> copy.method.visitFieldInsn(opcode, owner, name, type), opcode);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String type, boolean isInterface) {
      add(copy -> copy.method.visitMethodInsn(opcode, owner, name, type, isInterface), opcode);
    }

    @Override
    public void visitJumpInsn(int opcode, Label target) {
      body.add(jump(opcode, target));
    }

    @Override
    public void visitTableSwitchInsn(int first, int last, Label otherwise, Label... targets) {
      body.add(table(first, last, otherwise, targets));
    }

    @Override
    public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] targets) {
      body.add(lookup(otherwise, keys, targets));
    }

    @Override
    public void visitLdcInsn(Object value) {
      add(copy -> copy.method.visitLdcInsn(value), Opcodes.LDC);
    }

    @Override
    public void visitIincInsn(int local, int by) {
      body.add(increment(local, by));
    }

    @Override
    public void visitLabel(Label label) {
      add(copy -> copy.method.visitLabel(copy.label(label)), -1);
    }

    @Override
    public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
      add(
          copy ->
              copy.method.visitTryCatchBlock(
                  copy.label(start), copy.label(end), copy.label(handler), type),
          -1);
    }
  }

  /**
   * The class with a call before each jump and switch, by which a loop that never ends is ended.
   */
  static byte[] withTicks(byte[] classFile) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access,
                  String name,
                  String descriptor,
                  String signature,
                  String[] exceptions) {
                MethodVisitor method =
                    super.visitMethod(access, name, descriptor, signature, exceptions);
                return new MethodVisitor(Opcodes.ASM9, method) {
                  @Override
                  public void visitJumpInsn(int opcode, Label target) {
                    tick();
                    super.visitJumpInsn(opcode, target);
                  }

                  @Override
                  public void visitTableSwitchInsn(
                      int first, int last, Label otherwise, Label... targets) {
                    tick();
                    super.visitTableSwitchInsn(first, last, otherwise, targets);
                  }

                  @Override
                  public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] targets) {
                    tick();
                    super.visitLookupSwitchInsn(otherwise, keys, targets);
                  }

                  private void tick() {
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, Woven.HOOK, "tick", "()V", false);
                  }
                };
              }
            },
            0);
    return writer.toByteArray();
  }
}
