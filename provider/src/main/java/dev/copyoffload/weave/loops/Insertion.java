package dev.copyoffload.weave.loops;

import java.util.List;

/**
 * Code with instructions put between its own, none of which jumps; all that names a place in the
 * code names where that has gone. See chapter 4 of the JVM specification.
 */
final class Insertion {
  /** What comes before an instruction. */
  static final class Piece {
    private final Loop.Entry entry;
    private final byte[] code;

    Piece(Loop.Entry entry, byte[] code) {
      this.entry = entry;
      this.code = code;
    }
  }

  /** Bytes: HotSpot's HugeMethodLimit. */
  private static final int LONGEST_COMPILED = 8_000;

  private static final int STACK_FRAME = 64;
  private static final int EXTENDED_STACK_FRAME = 247;
  private static final int EXTENDED_FRAME = 251;
  private static final int FULL_FRAME = 255;
  private static final int OBJECT = 7;
  private static final int UNINITIALIZED = 8;

  private final byte[] in;
  private final ClassFile file;
  private final MethodCode code;
  private final List<Piece> pieces;

  /** Where a jump to an instruction goes now. */
  private final int[] labels;

  /** Where an instruction is now. */
  private final int[] places;

  /** How long the code is now. */
  private final int length;

  Insertion(byte[] in, ClassFile file, MethodCode code, List<Piece> pieces) {
    this.in = in;
    this.file = file;
    this.code = code;
    this.pieces = pieces;
    this.labels = new int[code.length() + 1];
    this.places = new int[code.length() + 1];
    this.length = place();
  }

  /** Whether the JVM, which only interprets a method that is longer, goes on compiling it. */
  boolean isCompiledAsBefore() {
    return code.length() > LONGEST_COMPILED || length <= LONGEST_COMPILED;
  }

  /**
   * Writes the attribute with the code.
   *
   * @param stack how much deeper the stack gets
   */
  void write(Output out, int stack) {
    int attribute = code.attribute();
    out.put(in, attribute, 2);
    int sizeAt = out.size();
    out.u4(0);
    out.u2(u2(attribute + 6) + stack);
    out.put(in, attribute + 8, 2);
    if (length > 0xFFFF) {
      throw new IllegalArgumentException("too much code");
    }
    out.u4(length);
    instructions(out);
    int at = handlers(out, code.start() + code.length());
    attributes(out, at);
    out.setU4(sizeAt, out.size() - sizeAt - 4);
  }

  private int place() {
    int position = 0;
    int at = 0;
    while (at < code.length()) {
      position += size(at, true);
      labels[at] = position;
      position += size(at, false);
      places[at] = position;
      int next = code.next(at);
      position += next - at;
      if (code.isSwitch(at)) {
        position += padding(places[at]) - padding(at);
      }
      at = next;
    }
    labels[at] = position;
    places[at] = position;
    return position;
  }

  private int size(int at, boolean isFall) {
    int size = 0;
    for (Piece piece : pieces) {
      if (piece.entry.at() == at && piece.entry.isFall() == isFall) {
        size += piece.code.length;
      }
    }
    return size;
  }

  private static int padding(int at) {
    return 3 - (at & 3);
  }

  private void instructions(Output out) {
    for (int at = 0; at < code.length(); at = code.next(at)) {
      put(out, at, true);
      put(out, at, false);
      int opcode = code.raw(at);
      if (opcode == Opcodes.GOTO_W) {
        out.u1(opcode);
        out.u4(distance(at, code.target(at)));
      } else if (opcode == Opcodes.GOTO || MethodCode.isConditional(opcode)) {
        int distance = distance(at, code.target(at));
        if (distance != (short) distance) {
          throw new IllegalArgumentException("too far");
        }
        out.u1(opcode);
        out.u2(distance & 0xFFFF);
      } else if (code.isSwitch(at)) {
        choice(out, at);
      } else {
        out.put(in, code.start() + at, code.next(at) - at);
      }
    }
  }

  private void put(Output out, int at, boolean isFall) {
    for (Piece piece : pieces) {
      if (piece.entry.at() == at && piece.entry.isFall() == isFall) {
        out.put(piece.code, 0, piece.code.length);
      }
    }
  }

  private int distance(int from, int to) {
    return labels[to] - places[from];
  }

  private void choice(Output out, int at) {
    int opcode = code.raw(at);
    out.u1(opcode);
    for (int i = padding(places[at]); i > 0; i--) {
      out.u1(0);
    }
    int operand = code.start() + at + 1 + padding(at);
    int end = code.start() + code.next(at);
    out.u4(distance(at, at + s4(operand)));
    operand += 4;
    if (opcode == Opcodes.TABLESWITCH) {
      out.put(in, operand, 8);
      for (operand += 8; operand < end; operand += 4) {
        out.u4(distance(at, at + s4(operand)));
      }
    } else {
      out.put(in, operand, 4);
      for (operand += 4; operand < end; operand += 8) {
        out.put(in, operand, 4);
        out.u4(distance(at, at + s4(operand + 4)));
      }
    }
  }

  private int handlers(Output out, int first) {
    int count = u2(first);
    out.u2(count);
    int at = first + 2;
    for (int i = 0; i < count; i++, at += 8) {
      out.u2(labels[u2(at)]);
      out.u2(labels[u2(at + 2)]);
      out.u2(labels[u2(at + 4)]);
      out.put(in, at + 6, 2);
    }
    return at;
  }

  private void attributes(Output out, int first) {
    Output kept = new Output(512);
    int count = 0;
    int at = first + 2;
    for (int i = u2(first); i > 0; i--) {
      int name = u2(at);
      int length = s4(at + 2);
      boolean known = true;
      Output moved = new Output(length + 64);
      if (file.text(name, "StackMapTable")) {
        frames(moved, at + 6);
      } else if (file.text(name, "LineNumberTable")) {
        lines(moved, at + 6);
      } else if (file.text(name, "LocalVariableTable")
          || file.text(name, "LocalVariableTypeTable")) {
        locals(moved, at + 6);
      } else {
        // Of annotated types, or of no JVM: nobody can ask for them when the class is loaded.
        known = false;
      }
      if (known) {
        kept.put(in, at, 2);
        kept.u4(moved.size());
        kept.put(moved);
        count++;
      }
      at += 6 + length;
    }
    out.u2(count);
    out.put(kept);
  }

  private void lines(Output out, int first) {
    int count = u2(first);
    out.u2(count);
    int at = first + 2;
    for (int i = 0; i < count; i++, at += 4) {
      out.u2(labels[u2(at)]);
      out.put(in, at + 2, 2);
    }
  }

  private void locals(Output out, int first) {
    int count = u2(first);
    out.u2(count);
    int at = first + 2;
    for (int i = 0; i < count; i++, at += 10) {
      int start = u2(at);
      out.u2(labels[start]);
      out.u2(labels[start + u2(at + 2)] - labels[start]);
      out.put(in, at + 4, 6);
    }
  }

  private void frames(Output out, int first) {
    int count = u2(first);
    out.u2(count);
    int at = first + 2;
    int before = -1;
    int newBefore = -1;
    for (int i = 0; i < count; i++) {
      int tag = in[at++] & 255;
      int delta;
      if (tag < STACK_FRAME) {
        delta = tag;
      } else if (tag < 2 * STACK_FRAME) {
        delta = tag - STACK_FRAME;
      } else {
        delta = u2(at);
        at += 2;
      }
      int offset = before + delta + 1;
      int newDelta = labels[offset] - newBefore - 1;
      before = offset;
      newBefore = labels[offset];
      head(out, tag, newDelta);
      at = types(out, tag, at);
    }
  }

  private static void head(Output out, int tag, int delta) {
    if (tag < STACK_FRAME || tag == EXTENDED_FRAME) {
      if (delta < STACK_FRAME) {
        out.u1(delta);
        return;
      }
      out.u1(EXTENDED_FRAME);
    } else if (tag < 2 * STACK_FRAME || tag == EXTENDED_STACK_FRAME) {
      if (delta < STACK_FRAME) {
        out.u1(STACK_FRAME + delta);
        return;
      }
      out.u1(EXTENDED_STACK_FRAME);
    } else if (tag > EXTENDED_STACK_FRAME) {
      out.u1(tag);
    } else {
      throw new IllegalArgumentException("a frame of another kind");
    }
    out.u2(delta);
  }

  /** Writes the types of a frame, and returns where they end. */
  private int types(Output out, int tag, int first) {
    int at = first;
    if (tag < STACK_FRAME || (tag > EXTENDED_STACK_FRAME && tag <= EXTENDED_FRAME)) {
      return at;
    }
    if (tag < 2 * STACK_FRAME || tag == EXTENDED_STACK_FRAME) {
      return list(out, at, 1);
    }
    if (tag < FULL_FRAME) {
      return list(out, at, tag - EXTENDED_FRAME);
    }
    for (int i = 0; i < 2; i++) {
      out.put(in, at, 2);
      at = list(out, at + 2, u2(at));
    }
    return at;
  }

  private int list(Output out, int first, int count) {
    int at = first;
    for (int i = 0; i < count; i++) {
      int type = in[at++];
      out.u1(type);
      if (type == OBJECT) {
        out.put(in, at, 2);
        at += 2;
      } else if (type == UNINITIALIZED) {
        out.u2(places[u2(at)]);
        at += 2;
      }
    }
    return at;
  }

  private int u2(int at) {
    return ClassFile.u2(in, at);
  }

  private int s4(int at) {
    return ClassFile.s4(in, at);
  }
}
