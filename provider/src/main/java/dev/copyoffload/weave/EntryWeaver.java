package dev.copyoffload.weave;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts instructions in front of methods of a class file; all else stays as it is, byte for byte.
 *
 * <p>By hand, for the three or four classes of the JDK that ask us: a library that can do more
 * takes a new JVM 20 milliseconds, and refuses class files that are newer than it. See chapter 4 of
 * the JVM specification.
 */
final class EntryWeaver {
  private static final int UTF8 = 1;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;

  private static final int FRAME_SAME_EXTENDED = 251;
  private static final int FRAME_STACK_EXTENDED = 247;
  private static final int FRAME_STACK = 64;

  private final byte[] in;
  private final ByteArrayOutputStream added = new ByteArrayOutputStream(256);

  /** Where each entry of the constant pool begins. */
  private final int[] constants;

  private final int endOfConstants;
  private final int methodsAt;
  private int constantCount;
  private int at;

  /** Reads a class file, or throws some RuntimeException if it does not understand it. */
  EntryWeaver(byte[] classFile) {
    in = classFile;
    constantCount = u2(8);
    constants = new int[constantCount];
    at = 10;
    for (int i = 1; i < constantCount; i++) {
      constants[i] = at;
      int tag = in[at];
      at += sizeOfConstant(tag);
      if (tag == LONG || tag == DOUBLE) {
        i++;
      }
    }
    endOfConstants = at;
    at += 6;
    at += 2 + 2 * u2(at);
    skipMembers();
    methodsAt = at;
  }

  private int sizeOfConstant(int tag) {
    return switch (tag) {
      case UTF8 -> 3 + u2(at + 1);
      case 3, 4, 9, 10, 11, 12, 17, 18 -> 5;
      case LONG, DOUBLE -> 9;
      case 7, 8, 16, 19, 20 -> 3;
      case 15 -> 4;
      default -> throw new IllegalArgumentException("constant of kind " + tag);
    };
  }

  private int u2(int offset) {
    return (in[offset] & 0xFF) << 8 | (in[offset + 1] & 0xFF);
  }

  private int u4(int offset) {
    return u2(offset) << 16 | u2(offset + 2);
  }

  private void skipMembers() {
    int count = u2(at);
    at += 2;
    for (int i = 0; i < count; i++) {
      at = endOfMember(at);
    }
  }

  private int endOfMember(int member) {
    int attributes = u2(member + 6);
    int end = member + 8;
    for (int i = 0; i < attributes; i++) {
      end += 6 + u4(end + 2);
    }
    return end;
  }

  private boolean isUtf8(int constant, String text) {
    int where = constants[constant];
    int length = u2(where + 1);
    if (length != text.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (in[where + 3 + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  // --- New constants, which come behind those that are there -----------------------------------

  private int constant(int tag, int first, int second) {
    added.write(tag);
    u2(added, first);
    if (second >= 0) {
      u2(added, second);
    }
    return constantCount++;
  }

  @SuppressWarnings("deprecation") // any other way sets up nine classes
  private int utf8(String text) {
    added.write(UTF8);
    int length = text.length();
    u2(added, length);
    byte[] bytes = new byte[length];
    text.getBytes(0, length, bytes, 0);
    added.write(bytes, 0, length);
    return constantCount++;
  }

  /** The index of a class. */
  private int classConstant(String internalName) {
    return constant(7, utf8(internalName), -1);
  }

  /** The index of a field. */
  int fieldConstant(String owner, String name, String descriptor) {
    return memberConstant(9, owner, name, descriptor);
  }

  /** The index of a method of a class. */
  int methodConstant(String owner, String name, String descriptor) {
    return memberConstant(10, owner, name, descriptor);
  }

  private int memberConstant(int tag, String owner, String name, String descriptor) {
    int type = classConstant(owner);
    int nameAndType = constant(12, utf8(name), utf8(descriptor));
    return constant(tag, type, nameAndType);
  }

  // --- Weaving -----------------------------------------------------------------------------------

  /** What comes first in a method. */
  static final class Entry {
    private final String name;
    private final String descriptor;
    private final byte[] code;
    private final int stack;
    private final int target;
    private final boolean longOnStack;

    /**
     * Describes it.
     *
     * @param code instructions, a multiple of four bytes, so that switches stay aligned
     * @param stack how deep they make the stack
     * @param target the offset that a branch of theirs goes to, less than 64 and less than their
     *     length
     * @param longOnStack whether a long is on the stack there, else nothing
     */
    Entry(String name, String descriptor, byte[] code, int stack, int target, boolean longOnStack) {
      this.name = name;
      this.descriptor = descriptor;
      this.code = code;
      this.stack = stack;
      this.target = target;
      this.longOnStack = longOnStack;
    }
  }

  /** The class file with the entries, or null if it has not each of the methods once. */
  byte @Nullable [] weave(Entry... entries) {
    int stackMap = utf8("StackMapTable");
    ByteArrayOutputStream methods = new ByteArrayOutputStream(in.length);
    int count = u2(methodsAt);
    u2(methods, count);
    at = methodsAt + 2;
    int woven = 0;
    for (int i = 0; i < count; i++) {
      int end = endOfMember(at);
      Entry entry = entryOf(at, entries);
      if (entry == null) {
        methods.write(in, at, end - at);
      } else {
        weave(methods, entry, stackMap);
        woven++;
      }
      at = end;
    }
    return woven == entries.length ? assemble(methods) : null;
  }

  /** With {@code at} at the end of the methods. */
  private byte[] assemble(ByteArrayOutputStream methods) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.length + 1024);
    out.write(in, 0, 8);
    u2(out, constantCount);
    out.write(in, 10, endOfConstants - 10);
    out.writeBytes(added.toByteArray());
    out.write(in, endOfConstants, methodsAt - endOfConstants);
    out.writeBytes(methods.toByteArray());
    out.write(in, at, in.length - at);
    return out.toByteArray();
  }

  private @Nullable Entry entryOf(int member, Entry... entries) {
    for (Entry entry : entries) {
      if (isUtf8(u2(member + 2), entry.name) && isUtf8(u2(member + 4), entry.descriptor)) {
        return entry;
      }
    }
    return null;
  }

  private void weave(ByteArrayOutputStream out, Entry entry, int stackMap) {
    out.write(in, at, 8);
    int attributes = u2(at + 6);
    int attribute = at + 8;
    for (int i = 0; i < attributes; i++) {
      int end = attribute + 6 + u4(attribute + 2);
      if (isUtf8(u2(attribute), "Code")) {
        byte[] code = code(attribute, entry, stackMap);
        u2(out, u2(attribute));
        u4(out, code.length);
        out.writeBytes(code);
      } else {
        out.write(in, attribute, end - attribute);
      }
      attribute = end;
    }
  }

  private byte[] code(int attribute, Entry entry, int stackMap) {
    int shift = entry.code.length;
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    u2(out, Math.max(u2(attribute + 6), entry.stack));
    u2(out, u2(attribute + 8));
    int length = u4(attribute + 10);
    u4(out, length + shift);
    out.writeBytes(entry.code);
    out.write(in, attribute + 14, length);
    int where = attribute + 14 + length;
    int handlers = u2(where);
    u2(out, handlers);
    where += 2;
    for (int i = 0; i < handlers; i++, where += 8) {
      u2(out, u2(where) + shift);
      u2(out, u2(where + 2) + shift);
      u2(out, u2(where + 4) + shift);
      u2(out, u2(where + 6));
    }
    attributesOfCode(out, where, entry, stackMap);
    return out.toByteArray();
  }

  private void attributesOfCode(ByteArrayOutputStream out, int from, Entry entry, int stackMap) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(512);
    int count = 0;
    int frames = -1;
    int where = from + 2;
    for (int i = 0; i < u2(from); i++) {
      int name = u2(where);
      int length = u4(where + 2);
      if (isUtf8(name, "StackMapTable")) {
        frames = where;
      } else if (isUtf8(name, "LineNumberTable")) {
        kept.write(in, where, 8);
        for (int line = where + 8; line < where + 6 + length; line += 4) {
          u2(kept, u2(line) + entry.code.length);
          u2(kept, u2(line + 2));
        }
        count++;
      }
      // All others are for debuggers, and name places that have moved.
      where += 6 + length;
    }
    byte[] table = frames(frames, entry);
    u2(out, count + 1);
    out.writeBytes(kept.toByteArray());
    u2(out, stackMap);
    u4(out, table.length);
    out.writeBytes(table);
  }

  /** The frames of the method, the first of which is counted from the one before: ours. */
  private byte[] frames(int attribute, Entry entry) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    int count = attribute < 0 ? 0 : u2(attribute + 6);
    u2(out, count + 1);
    out.write(entry.target + (entry.longOnStack ? FRAME_STACK : 0));
    if (entry.longOnStack) {
      // Of the verification type long.
      out.write(4);
    }
    if (count > 0) {
      int first = attribute + 8;
      int end = attribute + 6 + u4(attribute + 2);
      int tag = in[first] & 0xFF;
      int moved = entry.code.length - entry.target - 1;
      if (tag < FRAME_STACK) {
        out.write(FRAME_SAME_EXTENDED);
        u2(out, tag + moved);
        first += 1;
      } else if (tag < 2 * FRAME_STACK) {
        out.write(FRAME_STACK_EXTENDED);
        u2(out, tag - FRAME_STACK + moved);
        first += 1;
      } else {
        out.write(tag);
        u2(out, u2(first + 1) + moved);
        first += 3;
      }
      out.write(in, first, end - first);
    }
    return out.toByteArray();
  }

  private static void u2(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }

  private static void u4(ByteArrayOutputStream out, int value) {
    u2(out, value >> 16);
    u2(out, value);
  }
}
