package dev.copyoffload.weave.loops;

import java.util.BitSet;

/** The instructions of a method, and where each can go on. */
final class MethodCode {
  static final int NOWHERE = -1;

  /** By opcode; 0 is for those whose length is not always the same. */
  private static final String SIZES =
      "1111111111111111" // constants
          + "23233" // bipush to ldc2_w
          + "22222"
          + "1111111111111111111111111111" // loads
          + "22222"
          + "1111111111111111111111111111" // stores
          + "111111111111111111111111111111111111111111111" // dup to lxor
          + "3" // iinc
          + "11111111111111111111" // conversions and comparisons
          + "3333333333333333" // jumps
          + "200" // ret, switches
          + "111111" // returns
          + "3333333" // fields and calls
          + "553231133110433" // invokeinterface to ifnonnull
          + "55";

  private final byte[] bytes;
  private final int start;
  private final int length;
  private final int name;
  private final int descriptor;
  private final boolean isStatic;

  MethodCode(byte[] bytes, int attribute, int name, int descriptor, boolean isStatic) {
    this.bytes = bytes;
    this.start = attribute + 8;
    this.length = ClassFile.s4(bytes, attribute + 4);
    this.name = name;
    this.descriptor = descriptor;
    this.isStatic = isStatic;
  }

  int length() {
    return length;
  }

  int name() {
    return name;
  }

  int descriptor() {
    return descriptor;
  }

  boolean isStatic() {
    return isStatic;
  }

  int maxLocals() {
    return ClassFile.u2(bytes, start - 6);
  }

  /** The opcode, where those that hold the number of a local are as those that name it apart. */
  int opcode(int at) {
    int opcode = raw(at);
    if (opcode >= 26 && opcode <= 45) {
      return Opcodes.ILOAD + (opcode - 26) / 4;
    }
    if (opcode >= 59 && opcode <= 78) {
      return Opcodes.ISTORE + (opcode - 59) / 4;
    }
    if (opcode == Opcodes.GOTO_W) {
      return Opcodes.GOTO;
    }
    return opcode == Opcodes.WIDE ? raw(at + 1) : opcode;
  }

  /** The local that a load, a store or an increment is about. */
  int local(int at) {
    int opcode = raw(at);
    if (opcode >= 26 && opcode <= 45) {
      return (opcode - 26) % 4;
    }
    if (opcode >= 59 && opcode <= 78) {
      return (opcode - 59) % 4;
    }
    return opcode == Opcodes.WIDE ? ClassFile.u2(bytes, start + at + 2) : raw(at + 1);
  }

  int signedByte(int at) {
    return bytes[start + at];
  }

  int u2(int at) {
    return ClassFile.u2(bytes, start + at);
  }

  int raw(int at) {
    return bytes[start + at] & 255;
  }

  int next(int at) {
    int opcode = raw(at);
    if (opcode == Opcodes.WIDE) {
      return at + (raw(at + 1) == Opcodes.IINC ? 6 : 4);
    }
    if (opcode == Opcodes.TABLESWITCH) {
      int operands = operands(at);
      return behind(operands + 12, 4, (long) s4(operands + 8) - s4(operands + 4) + 1);
    }
    if (opcode == Opcodes.LOOKUPSWITCH) {
      int operands = operands(at);
      return behind(operands + 8, 8, s4(operands + 4));
    }
    return at + SIZES.charAt(opcode) - '0';
  }

  /** Behind a switch; the JVM looks only later at whether a class file is sound. */
  private int behind(int first, int size, long count) {
    if (count < 0 || count > (length - first) / size) {
      throw new IllegalArgumentException("a switch that does not end");
    }
    return first + size * (int) count;
  }

  boolean isSwitch(int at) {
    int opcode = raw(at);
    return opcode == Opcodes.TABLESWITCH || opcode == Opcodes.LOOKUPSWITCH;
  }

  /** Behind the padding of a switch. */
  private static int operands(int at) {
    return (at & ~3) + 4;
  }

  private int s4(int at) {
    return ClassFile.s4(bytes, start + at);
  }

  int target(int at) {
    return at + (raw(at) == Opcodes.GOTO_W ? s4(at + 1) : (short) u2(at + 1));
  }

  /** Where this instruction goes on if it throws nothing. */
  int[] successors(int at) {
    int opcode = opcode(at);
    if (opcode == Opcodes.GOTO) {
      return new int[] {target(at)};
    }
    if (isConditional(opcode)) {
      return new int[] {next(at), target(at)};
    }
    if (isSwitch(at)) {
      return switchTargets(at, opcode);
    }
    boolean ends =
        (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) || opcode == Opcodes.ATHROW;
    return ends ? new int[0] : new int[] {next(at)};
  }

  private int[] switchTargets(int at, int opcode) {
    int operands = operands(at);
    boolean table = opcode == Opcodes.TABLESWITCH;
    int first = operands + 12;
    int step = table ? 4 : 8;
    int count = (next(at) - first + (table ? 0 : 4)) / step;
    int[] targets = new int[count + 1];
    targets[count] = at + s4(operands);
    for (int i = 0; i < count; i++) {
      targets[i] = at + s4(first + i * step);
    }
    return targets;
  }

  static boolean isConditional(int opcode) {
    return (opcode >= Opcodes.IFEQ && opcode <= Opcodes.IF_ACMPNE)
        || opcode == Opcodes.IFNULL
        || opcode == Opcodes.IFNONNULL;
  }

  /** Whether it has subroutines, in which old compilers put what is to be done at last. */
  boolean hasSubroutines() {
    for (int at = 0; at < length; at = next(at)) {
      int opcode = opcode(at);
      if (opcode == Opcodes.JSR || opcode == Opcodes.JSR_W || opcode == Opcodes.RET) {
        return true;
      }
    }
    return false;
  }

  /** Where the attribute begins that holds the code. */
  int attribute() {
    return start - 14;
  }

  int start() {
    return start;
  }

  int handlerCount() {
    return ClassFile.u2(bytes, start + length);
  }

  boolean isHandledBy(int handler, int at) {
    int entry = start + length + 2 + 8 * handler;
    return ClassFile.u2(bytes, entry) <= at && at < ClassFile.u2(bytes, entry + 2);
  }

  int handler(int handler) {
    return ClassFile.u2(bytes, start + length + 2 + 8 * handler + 4);
  }

  boolean haveSameHandlers(int at, int other) {
    for (int i = handlerCount() - 1; i >= 0; i--) {
      if (isHandledBy(i, at) != isHandledBy(i, other)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The instructions that can be reached, with {@code first} itself.
   *
   * @param barred an instruction that nothing passes, or {@link #NOWHERE}
   * @param local what no way goes on from when it is stored, or {@link #NOWHERE}
   */
  BitSet reach(int first, int barred, int local) {
    BitSet seen = new BitSet(length);
    int[] todo = new int[length];
    seen.set(first);
    todo[0] = first;
    int count = 1;
    while (count > 0) {
      int at = todo[--count];
      for (int i = handlerCount() - 1; i >= 0; i--) {
        if (isHandledBy(i, at) && handler(i) != barred && !seen.get(handler(i))) {
          seen.set(handler(i));
          todo[count++] = handler(i);
        }
      }
      if (local != NOWHERE && stores(at, local)) {
        continue;
      }
      for (int successor : successors(at)) {
        if (successor != barred && !seen.get(successor)) {
          seen.set(successor);
          todo[count++] = successor;
        }
      }
    }
    return seen;
  }

  /** Whether what the local holds at an instruction can be read from there on. */
  boolean isLive(int first, int local) {
    BitSet reached = reach(first, NOWHERE, local);
    for (int at = reached.nextSetBit(0); at >= 0; at = reached.nextSetBit(at + 1)) {
      if (loads(at, local)) {
        return true;
      }
    }
    return false;
  }

  private boolean stores(int at, int local) {
    int opcode = opcode(at);
    return switch (opcode) {
      case Opcodes.ISTORE, Opcodes.FSTORE, Opcodes.ASTORE -> local(at) == local;
      case Opcodes.LSTORE, Opcodes.DSTORE -> local(at) == local || local(at) + 1 == local;
      default -> false;
    };
  }

  private boolean loads(int at, int local) {
    int opcode = opcode(at);
    return switch (opcode) {
      case Opcodes.ILOAD, Opcodes.FLOAD, Opcodes.ALOAD, Opcodes.IINC -> local(at) == local;
      case Opcodes.LLOAD, Opcodes.DLOAD -> local(at) == local || local(at) + 1 == local;
      default -> false;
    };
  }

  /** Whether it does nothing but return a new byte array. */
  boolean makesArray(ClassFile file, int depth) {
    int at = 0;
    boolean made = false;
    while (at < length) {
      switch (opcode(at)) {
        case Opcodes.ICONST_1,
            Opcodes.ICONST_2,
            Opcodes.ICONST_3,
            Opcodes.ICONST_4,
            Opcodes.ICONST_5,
            Opcodes.BIPUSH,
            Opcodes.SIPUSH,
            Opcodes.LDC,
            Opcodes.ILOAD -> {
          if (made) {
            return false;
          }
        }
        case Opcodes.NEWARRAY, Opcodes.INVOKESTATIC -> {
          if (made || !makesArrayAt(at, file, depth)) {
            return false;
          }
          made = true;
        }
        case Opcodes.ARETURN -> {
          return made;
        }
        default -> {
          return false;
        }
      }
      at = next(at);
    }
    return false;
  }

  /** Whether an instruction leaves a byte array on the stack that nobody else has. */
  boolean makesArrayAt(int at, ClassFile file, int depth) {
    return switch (opcode(at)) {
      case Opcodes.NEWARRAY -> raw(at + 1) == Opcodes.T_BYTE;
      case Opcodes.INVOKESTATIC -> file.makesArray(u2(at + 1), depth + 1);
      default -> false;
    };
  }
}
