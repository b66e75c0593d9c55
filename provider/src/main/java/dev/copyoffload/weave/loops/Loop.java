package dev.copyoffload.weave.loops;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loop that copies, and where it is entered.
 *
 * @param round what it does
 * @param keepsBuffer whether somebody may look into the buffer afterwards
 * @param entries where it can be asked whether the bytes may be moved at once
 */
record Loop(Round round, boolean keepsBuffer, List<Entry> entries) {
  /**
   * A place before the loop.
   *
   * @param isFall whether only what falls to the instruction passes, and no jump to it
   */
  record Entry(int at, boolean isFall) {}

  /** The loops of a method that copy. */
  static List<Loop> find(ClassFile file, MethodCode code) {
    return readsAndWrites(file, code) && !code.hasSubroutines()
        ? new Finder(file, code).find()
        : List.of();
  }

  private static boolean readsAndWrites(ClassFile file, MethodCode code) {
    boolean reads = false;
    boolean writes = false;
    for (int at = 0; at < code.length(); at = code.next(at)) {
      if (code.opcode(at) == Opcodes.INVOKEVIRTUAL) {
        ClassFile.Call call = file.call(code.u2(at + 1));
        reads |= call == ClassFile.Call.READ || call == ClassFile.Call.READ_RANGE;
        writes |= call == ClassFile.Call.WRITE;
      }
    }
    return reads && writes;
  }

  private static final class Finder {
    private final ClassFile file;
    private final MethodCode code;
    private final int[] ways;
    private final int[] before;
    private final BitSet targets = new BitSet();

    Finder(ClassFile file, MethodCode code) {
      this.file = file;
      this.code = code;
      this.ways = new int[code.length()];
      this.before = new int[code.length()];
    }

    List<Loop> find() {
      ways[0]++;
      int last = MethodCode.NOWHERE;
      for (int at = 0; at < code.length(); at = code.next(at)) {
        before[at] = last;
        last = at;
        for (int successor : code.successors(at)) {
          ways[successor]++;
          if (successor != code.next(at)) {
            targets.set(successor);
          }
        }
      }
      for (int i = code.handlerCount() - 1; i >= 0; i--) {
        targets.set(code.handler(i));
      }
      List<Loop> loops = new ArrayList<>();
      BitSet known = new BitSet();
      for (int head = 0; head < code.length(); head = code.next(head)) {
        if (ways[head] > 1) {
          Loop loop = at(head);
          if (loop != null && !known.get(loop.round.readAt())) {
            known.set(loop.round.readAt());
            loops.add(loop);
          }
        }
      }
      return loops;
    }

    private @Nullable Loop at(int head) {
      Round round = Round.follow(file, code, head, Round.NONE);
      boolean writesFirst = round.wanted() != Round.NONE;
      if (writesFirst) {
        round = Round.follow(file, code, head, round.wanted());
      }
      if (!round.doubt().isEmpty() || isLive(round.changed(), head)) {
        return null;
      }
      List<Entry> entries = new ArrayList<>();
      BitSet buffers = (BitSet) round.passed().clone();
      for (Entry entry : ways(head)) {
        Entry first = writesFirst ? beforeRead(entry, head, round, buffers) : entry;
        if (first != null) {
          entries.add(first);
        }
      }
      return entries.isEmpty() ? null : new Loop(round, keepsBuffer(round, head, buffers), entries);
    }

    private boolean isLive(BitSet locals, int at) {
      // No stream: classes that programs load wait for this.
      for (int local = locals.nextSetBit(0); local >= 0; local = locals.nextSetBit(local + 1)) {
        if (code.isLive(at, local)) {
          return true;
        }
      }
      return false;
    }

    /** The ways into a loop, but for those that a condition takes. */
    private List<Entry> ways(int head) {
      List<Entry> entries = new ArrayList<>();
      if (head == 0) {
        entries.add(new Entry(0, true));
        return entries;
      }
      BitSet outside = code.reach(0, head, MethodCode.NOWHERE);
      for (int at = outside.nextSetBit(0); at >= 0; at = outside.nextSetBit(at + 1)) {
        int opcode = code.opcode(at);
        if (opcode == Opcodes.GOTO && code.target(at) == head) {
          entries.add(new Entry(at, false));
        } else if (code.next(at) == head && falls(at)) {
          entries.add(new Entry(head, true));
        }
      }
      return entries;
    }

    /** Whether what is put behind an instruction is reached by falling to it, as by no switch. */
    private boolean falls(int at) {
      if (code.isSwitch(at)) {
        return false;
      }
      for (int successor : code.successors(at)) {
        if (successor == code.next(at)) {
          return true;
        }
      }
      return false;
    }

    /** Where a way into a loop that writes first has nothing to write yet, or null. */
    private @Nullable Entry beforeRead(Entry entry, int head, Round round, BitSet buffers) {
      int last = entry.isFall() ? before[head] : before[entry.at()];
      if (isZeroed(last, entry, round)) {
        // It writes nothing at first, and comes to its read as after any round.
        return isLooseAt(round.readAt(), round) ? entry : null;
      }
      int first = last;
      for (int i = 0; i < 7 && first != MethodCode.NOWHERE; i++, first = before[first]) {
        if (code.opcode(first) != Opcodes.ALOAD || code.local(first) != round.input()) {
          continue;
        }
        Round lead = Round.lead(file, code, first, head);
        if (lead.leadsTo(round)
            && code.haveSameHandlers(lead.readAt(), round.readAt())
            && isLooseAt(first, round)) {
          buffers.or(lead.passed());
          return new Entry(first, false);
        }
      }
      return null;
    }

    private boolean isZeroed(int last, Entry entry, Round round) {
      return last > 0
          && code.opcode(last) == Opcodes.ISTORE
          && code.local(last) == round.carried()
          && code.opcode(before[last]) == Opcodes.ICONST_0
          && !targets.get(last)
          && (entry.isFall() || !targets.get(entry.at()))
          && !round.branchesOnCarried();
    }

    /** Whether nobody looks at what differs there between the first round and a later one. */
    private boolean isLooseAt(int at, Round round) {
      return !code.isLive(at, round.carried()) && !isLive(round.changed(), at);
    }

    /** Whether anything but the loop's read and write can see what the buffer holds. */
    private boolean keepsBuffer(Round round, int head, BitSet ours) {
      int buffer = round.buffer();
      boolean made = false;
      for (int at = 0; at < code.length(); at = code.next(at)) {
        if (code.opcode(at) != Opcodes.ASTORE || code.local(at) != buffer) {
          continue;
        }
        BitSet reached = code.reach(code.next(at), MethodCode.NOWHERE, buffer);
        if (!reached.get(head)) {
          continue;
        }
        if (targets.get(at) || !code.makesArrayAt(before[at], file, 0)) {
          return true;
        }
        made = true;
        for (int use = reached.nextSetBit(0); use >= 0; use = reached.nextSetBit(use + 1)) {
          if (code.opcode(use) == Opcodes.ALOAD
              && code.local(use) == buffer
              && !ours.get(use)
              && code.opcode(code.next(use)) != Opcodes.ARRAYLENGTH) {
            return true;
          }
        }
      }
      return !made
          || round.sharesBuffer()
          || isArgument(buffer, head)
          || isRunAgain(round, buffer, head);
    }

    /** Whether a way leads back to the loop with the same buffer, for other streams maybe. */
    private boolean isRunAgain(Round round, int buffer, int head) {
      BitSet passed = round.passed();
      for (int at = passed.nextSetBit(0); at >= 0; at = passed.nextSetBit(at + 1)) {
        for (int successor : code.successors(at)) {
          if (!passed.get(successor)
              && code.reach(successor, MethodCode.NOWHERE, buffer).get(head)) {
            return true;
          }
        }
      }
      return false;
    }

    /** Whether the local can still hold at the loop what it held when the method was called. */
    private boolean isArgument(int local, int head) {
      return code.reach(0, MethodCode.NOWHERE, local).get(head);
    }
  }
}
