package dev.copyoffload.weave.loops;

import java.util.BitSet;

/**
 * One round of a loop, followed instruction by instruction for a read that returns 1 or more.
 *
 * <p>It is a round of a copy if each way is decided by that alone, if what was read is written
 * once, all of it and to the same stream, and if nothing else is done: then each local is as
 * before, or has grown by what was read, or holds what the next round does not look at. Whatever
 * the loop does when a read returns less, or a stream throws, does not matter: it does that itself.
 */
final class Round {
  /** A local of which nothing is known to be carried into the round. */
  static final int NONE = -1;

  // A value is a kind, and below it a local or a number.
  static final int INT = 1;
  static final int CONSTANT = 2;
  static final int LENGTH = 3;
  private static final int LONG = 4;
  private static final int REFERENCE = 5;
  private static final int NULL = 6;
  private static final int COUNT = 7;
  private static final int LONG_COUNT = 8;
  private static final int INT_SUM = 9;
  private static final int LONG_SUM = 10;
  private static final int NEXT_COUNT = 11;
  private static final int SECOND_HALF = 12;

  private final ClassFile file;
  private final MethodCode code;
  private final int carried;
  private final int present;
  private final long[] locals;
  private final long[] stack = new long[16];
  private int depth;

  private final BitSet passed = new BitSet();
  private int input = NONE;
  private int output = NONE;
  private int buffer = NONE;
  private int absent = NONE;
  private long asked = -1;
  private int readAt = NONE;
  private boolean written;
  private boolean sharesBuffer;
  private boolean branchesOnCarried;
  private boolean branchesAfterRead;
  private int wanted = NONE;
  private long[] beforeRead = {};
  private String doubt = "";

  private Round(ClassFile file, MethodCode code, int carried, int present) {
    this.file = file;
    this.code = code;
    this.carried = carried;
    this.present = present;
    this.locals = new long[code.maxLocals() + 1];
  }

  /**
   * Follows a round from a place of a loop to the same place.
   *
   * @param carried the local that holds at the start what was read before, or {@link #NONE}
   */
  static Round follow(ClassFile file, MethodCode code, int head, int carried) {
    Round round = follow(new Round(file, code, carried, NONE), head);
    return round.doubt.isEmpty() || round.absent == NONE
        ? round
        : follow(new Round(file, code, carried, round.absent), head);
  }

  private static Round follow(Round round, int head) {
    round.run(head, head);
    if (round.doubt.isEmpty()) {
      round.doubt = round.doubtAtEnd();
    }
    return round;
  }

  /** Follows what leads to a loop: a read, whose result is kept for the first round. */
  static Round lead(ClassFile file, MethodCode code, int first, int head) {
    Round round = new Round(file, code, NONE, NONE);
    round.run(first, head);
    return round;
  }

  private void run(int first, int last) {
    int at = first;
    do {
      if (passed.get(at)) {
        doubt = "a loop inside";
        return;
      }
      passed.set(at);
      at = step(at);
    } while (doubt.isEmpty() && at != last);
    if (doubt.isEmpty() && depth != 0) {
      doubt = "something left on the stack";
    }
  }

  /** Why this is no round, or empty. */
  String doubt() {
    return doubt;
  }

  /** What {@link #follow} should be asked to carry, or {@link #NONE}. */
  int wanted() {
    return wanted;
  }

  private String doubtAtEnd() {
    if (!written || readAt == NONE) {
      return "no read or no write";
    }
    if (absent == input || absent == output || absent == buffer) {
      return "a stream that should be null";
    }
    if (present != NONE && present != input && present != output && present != buffer) {
      return "something that should not be null";
    }
    boolean keepsEnds = locals[input] == 0 && locals[output] == 0 && locals[buffer] == 0;
    if (!keepsEnds || (kind(asked) == INT && locals[(int) asked] != 0)) {
      return "other streams or another length in each round";
    }
    return carried == NONE || isEven() ? "" : "more than a count differs at the read";
  }

  /** Whether it does the same read as another round, and besides only keeps the result. */
  boolean leadsTo(Round round) {
    boolean onlyReads = doubt.isEmpty() && readAt != NONE && !written && absent == NONE;
    // What is asked between one of the reads and the loop's beginning is not asked after the other.
    if (!onlyReads || branchesAfterRead || round.branchesAfterRead) {
      return false;
    }
    for (int local = 0; local < locals.length; local++) {
      if (locals[local] != (local == round.carried ? value(COUNT, 0) : 0)) {
        return false;
      }
    }
    return input == round.input && buffer == round.buffer && asked == round.asked;
  }

  /** Whether the round is done, but for keeping the result, where it reads if it writes first. */
  private boolean isEven() {
    for (int local = 0; local < locals.length; local++) {
      if (local != carried && locals[local] != beforeRead[local]) {
        return false;
      }
    }
    return locals[carried] == value(NEXT_COUNT, 0);
  }

  /** The locals that are neither as before nor carry anything; the rest of a method may. */
  BitSet changed() {
    BitSet changed = new BitSet();
    for (int local = 0; local < locals.length; local++) {
      if (locals[local] != 0 && local != carried && !isCount(local)) {
        changed.set(local);
      }
    }
    return changed;
  }

  private boolean isCount(int local) {
    return locals[local] == value(INT_SUM, local)
        || locals[local] == value(LONG_SUM, local)
        || (local > 0
            && locals[local] == value(SECOND_HALF, 0)
            && locals[local - 1] == value(LONG_SUM, local - 1));
  }

  /** The locals that grow by what is read. */
  BitSet counts(boolean asLong) {
    BitSet counts = new BitSet();
    for (int local = 0; local < locals.length; local++) {
      if (locals[local] == value(asLong ? LONG_SUM : INT_SUM, local)) {
        counts.set(local);
      }
    }
    return counts;
  }

  /** The local that holds what is to be written at first, or {@link #NONE}. */
  int carried() {
    return carried;
  }

  int input() {
    return input;
  }

  int output() {
    return output;
  }

  int buffer() {
    return buffer;
  }

  /** The local that has to be null, or {@link #NONE}. */
  int absent() {
    return absent;
  }

  /** {@link #INT}, {@link #CONSTANT}, or {@link #LENGTH} for the whole buffer. */
  int askedKind() {
    return kind(asked);
  }

  int asked() {
    return (int) asked;
  }

  int readAt() {
    return readAt;
  }

  BitSet passed() {
    return passed;
  }

  /** Whether the buffer may have got a second name. */
  boolean sharesBuffer() {
    return sharesBuffer;
  }

  boolean branchesOnCarried() {
    return branchesOnCarried;
  }

  private static long value(int kind, int number) {
    return ((long) kind << 32) | (number & 0xFFFF_FFFFL);
  }

  private static int kind(long value) {
    return (int) (value >> 32);
  }

  private void push(long value) {
    if (depth == stack.length) {
      doubt = "a deep stack";
    } else {
      stack[depth++] = value;
    }
  }

  private long pop() {
    if (depth == 0) {
      doubt = "an empty stack";
      return 0;
    }
    return stack[--depth];
  }

  /** Does one instruction, and returns the next one. */
  private int step(int at) {
    int opcode = code.opcode(at);
    switch (opcode) {
      case Opcodes.NOP -> {}
      case Opcodes.ACONST_NULL -> push(value(NULL, 0));
      case Opcodes.ICONST_M1,
          Opcodes.ICONST_0,
          Opcodes.ICONST_1,
          Opcodes.ICONST_2,
          Opcodes.ICONST_3,
          Opcodes.ICONST_4,
          Opcodes.ICONST_5 ->
          push(value(CONSTANT, opcode - Opcodes.ICONST_0));
      case Opcodes.BIPUSH -> push(value(CONSTANT, code.signedByte(at + 1)));
      case Opcodes.SIPUSH -> push(value(CONSTANT, (short) code.u2(at + 1)));
      case Opcodes.LDC -> pushInteger(code.raw(at + 1));
      case Opcodes.LDC_W -> pushInteger(code.u2(at + 1));
      case Opcodes.ILOAD -> load(INT, code.local(at));
      case Opcodes.LLOAD -> load(LONG, code.local(at));
      case Opcodes.ALOAD -> load(REFERENCE, code.local(at));
      case Opcodes.ISTORE, Opcodes.ASTORE -> store(code.local(at), pop());
      case Opcodes.LSTORE -> {
        store(code.local(at), pop());
        store(code.local(at) + 1, value(SECOND_HALF, 0));
      }
      case Opcodes.POP -> pop();
      case Opcodes.DUP -> duplicate();
      case Opcodes.I2L -> widen(pop());
      case Opcodes.IADD -> add(pop(), pop(), INT, COUNT, INT_SUM);
      case Opcodes.LADD -> add(pop(), pop(), LONG, LONG_COUNT, LONG_SUM);
      case Opcodes.ARRAYLENGTH -> {
        long array = pop();
        if (kind(array) == REFERENCE) {
          push(value(LENGTH, (int) array));
        } else {
          doubt = "another array";
        }
      }
      case Opcodes.GOTO -> {
        return code.target(at);
      }
      case Opcodes.INVOKEVIRTUAL -> call(at);
      default -> {
        if (MethodCode.isConditional(opcode)) {
          return branch(opcode) ? code.target(at) : code.next(at);
        }
        doubt = "another instruction";
      }
    }
    return code.next(at);
  }

  private void pushInteger(int constant) {
    if (file.isInteger(constant)) {
      push(value(CONSTANT, file.integer(constant)));
    } else {
      doubt = "another constant";
    }
  }

  private void load(int kind, int local) {
    if (locals[local] != 0) {
      push(locals[local]);
    } else if (local == carried) {
      push(value(COUNT, 0));
    } else {
      push(value(kind, local));
    }
  }

  private void store(int local, long value) {
    // Which local is the buffer shows later.
    sharesBuffer |= kind(value) == REFERENCE;
    // A long whose other half this was is gone.
    if (local > 0 && locals[local] == value(SECOND_HALF, 0)) {
      locals[local - 1] = value(SECOND_HALF, 1);
    }
    locals[local] = value;
  }

  private void duplicate() {
    long value = pop();
    if (kind(value) == LONG || kind(value) == LONG_COUNT || kind(value) == LONG_SUM) {
      doubt = "half of a long";
    }
    push(value);
    push(value);
  }

  private void widen(long value) {
    if (value == value(COUNT, 0)) {
      push(value(LONG_COUNT, 0));
    } else {
      doubt = "another number";
    }
  }

  private void add(long a, long b, int before, int count, int sum) {
    if (kind(a) == before && b == value(count, 0)) {
      push(value(sum, (int) a));
    } else if (kind(b) == before && a == value(count, 0)) {
      push(value(sum, (int) b));
    } else {
      doubt = "another sum";
    }
  }

  private void call(int at) {
    switch (file.call(code.u2(at + 1))) {
      case READ -> read(at, 0);
      case READ_RANGE -> {
        long length = pop();
        if (pop() != value(CONSTANT, 0)) {
          doubt = "a read to elsewhere in the buffer";
        }
        read(at, length);
      }
      case WRITE -> write();
      case FLUSH -> {
        if (!written || pop() != value(REFERENCE, output)) {
          doubt = "another flush";
        }
      }
      case TRANSFER_TO, COPY_IN, COPY_OUT, OTHER -> doubt = "another call";
    }
  }

  private void read(int at, long length) {
    long array = pop();
    long stream = pop();
    if (kind(array) != REFERENCE || kind(stream) != REFERENCE) {
      doubt = "streams and buffers that are no locals";
      return;
    }
    boolean readsFirst = carried == NONE;
    if (readAt != NONE || readsFirst == written) {
      doubt = "another order";
    }
    if (readsFirst) {
      buffer = (int) array;
    } else if (buffer != (int) array) {
      doubt = "another buffer";
    }
    input = (int) stream;
    asked = length == 0 ? value(LENGTH, buffer) : length;
    if (kind(asked) != INT && kind(asked) != CONSTANT && asked != value(LENGTH, buffer)) {
      doubt = "another length";
    }
    readAt = at;
    beforeRead = locals.clone();
    push(readsFirst ? value(COUNT, 0) : value(NEXT_COUNT, 0));
  }

  private void write() {
    long count = pop();
    long from = pop();
    long array = pop();
    long stream = pop();
    if (kind(count) == INT && readAt == NONE) {
      wanted = (int) count;
    }
    boolean writesFirst = carried != NONE;
    if (count != value(COUNT, 0)
        || from != value(CONSTANT, 0)
        || kind(array) != REFERENCE
        || kind(stream) != REFERENCE) {
      doubt = "another write";
    } else if (written || writesFirst != (readAt == NONE)) {
      doubt = "another order";
    } else if (!writesFirst && buffer != (int) array) {
      doubt = "another buffer";
    }
    buffer = (int) array;
    output = (int) stream;
    written = true;
  }

  private boolean branch(int opcode) {
    if (opcode == Opcodes.IFNULL || opcode == Opcodes.IFNONNULL) {
      branchesAfterRead |= readAt != NONE;
      return isNull(pop()) == (opcode == Opcodes.IFNULL);
    }
    if (opcode >= Opcodes.IF_ACMPEQ) {
      doubt = "compared references";
      return false;
    }
    boolean withZero = opcode < Opcodes.IF_ICMPEQ;
    long right = withZero ? value(CONSTANT, 0) : pop();
    long left = pop();
    return decide(opcode - (withZero ? Opcodes.IFEQ : Opcodes.IF_ICMPEQ), left, right);
  }

  private boolean isNull(long value) {
    if (value == value(NULL, 0)) {
      return true;
    }
    if (value == value(REFERENCE, present)) {
      return false;
    }
    if (kind(value) != REFERENCE || (absent != NONE && absent != (int) value)) {
      doubt = "another reference";
    }
    absent = (int) value;
    return true;
  }

  /** Decides a comparison for each count that a read can return, from 1 on. */
  private boolean decide(int comparison, long left, long right) {
    if (isCounted(left) == isCounted(right) || kind(isCounted(left) ? right : left) != CONSTANT) {
      if (readAt == NONE && kind(left) == INT) {
        wanted = (int) left;
      } else if (readAt == NONE && kind(right) == INT) {
        wanted = (int) right;
      }
      doubt = "a way that what was read does not decide";
      return false;
    }
    branchesOnCarried |= readAt == NONE;
    branchesAfterRead |= readAt != NONE;
    boolean turned = isCounted(right);
    int constant = (int) (turned ? left : right);
    boolean greater = constant < 1;
    boolean atLeast = constant <= 1;
    // What holds for the count on the left: of a constant on the left, the mirrored comparison.
    int seen = turned && comparison > 1 ? MIRRORED[comparison - 2] : comparison;
    boolean known =
        switch (seen) {
          case LESS, AT_LEAST -> atLeast;
          default -> greater;
        };
    if (!known) {
      doubt = "a way for some counts only";
    }
    return switch (seen) {
      case EQUAL, LESS, AT_MOST -> false;
      default -> true;
    };
  }

  // In the order of the instructions: IFEQ, IFNE, IFLT, IFGE, IFGT, IFLE.
  private static final int EQUAL = 0;
  private static final int LESS = 2;
  private static final int AT_LEAST = 3;
  private static final int AT_MOST = 5;
  private static final int[] MIRRORED = {4, 5, 2, 3};

  private static boolean isCounted(long value) {
    return value == value(COUNT, 0) || value == value(NEXT_COUNT, 0);
  }
}
