package dev.copyoffload.weave.loops;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts a call in front of loops that copy one stream into another, and of calls that have the JDK
 * do so.
 *
 * <p>The latter is {@code static void begins(Object in, Object out)}, which throws nothing: {@code
 * out} is null for a file that the JDK is to open, and {@code in} may be a path. Before somebody
 * gets a handle of such a method it is {@code static void begins()}.
 *
 * <p>The former is {@code static long transfer(InputStream in, OutputStream out, byte[] buffer, int
 * length, boolean keeps, Object absent)}. It may do a number of rounds of the loop, and returns how
 * many bytes that were: 0 or more. A round reads up to {@code length} bytes to the beginning of the
 * buffer, and writes what it read. Without {@code length}, it reads as many as the buffer holds.
 * Where the rounds end the loop goes on by itself. The call
 *
 * <ul>
 *   <li>throws nothing, and does no round that would throw or read nothing;
 *   <li>does nothing if {@code absent} is not null, or if the rest does not fit together: that a
 *       buffer is null or too short, the loop finds out by itself;
 *   <li>leaves in the buffer what the last rounds would, if {@code keeps} says that somebody may
 *       look at it.
 * </ul>
 */
public final class LoopWeaver {
  private final String hook;

  /**
   * @param hook the internal name of the class to call, which each class must be able to see
   */
  public LoopWeaver(String hook) {
    this.hook = hook;
  }

  /** The class file with the calls, or null if there is no loop that is known to copy. */
  public byte @Nullable [] weave(byte[] classFile) {
    try {
      return ClassFile.mayCopy(classFile) ? weave(classFile, new ClassFile(classFile)) : null;
    } catch (RuntimeException e) {
      // No class file, one of a JVM to come, or too large with the calls.
      return null;
    }
  }

  private byte @Nullable [] weave(byte[] in, ClassFile file) {
    Constants constants = new Constants(file.constantCount());
    Asking asking = new Asking(constants, hook);
    Output rest = new Output(in.length + 512);
    int done = file.endOfConstants();
    for (MethodCode code : file.methods()) {
      List<Insertion.Piece> pieces = pieces(file, code, asking);
      if (pieces.isEmpty() || code.hasSubroutines()) {
        continue;
      }
      Insertion insertion = new Insertion(in, file, code, pieces);
      if (insertion.isCompiledAsBefore()) {
        rest.put(in, done, code.attribute() - done);
        insertion.write(rest, Asking.STACK);
        done = code.attribute() + 6 + ClassFile.s4(in, code.attribute() + 2);
      }
    }
    if (done == file.endOfConstants()) {
      return null;
    }
    rest.put(in, done, in.length - done);
    Output out = new Output(rest.size() + done + 256);
    out.put(in, 0, 8);
    out.u2(constants.count());
    out.put(in, 10, file.endOfConstants() - 10);
    out.put(constants.added());
    out.put(rest);
    return out.toByteArray();
  }

  private static List<Insertion.Piece> pieces(ClassFile file, MethodCode code, Asking asking) {
    List<Insertion.Piece> pieces = new ArrayList<>();
    for (Loop loop : Loop.find(file, code)) {
      byte[] inserted = asking.before(loop);
      for (Loop.Entry entry : loop.entries()) {
        pieces.add(new Insertion.Piece(entry, inserted));
      }
    }
    for (int at = 0; at < code.length(); at = code.next(at)) {
      byte[] inserted = asking.before(file, code, at);
      if (inserted != null) {
        pieces.add(new Insertion.Piece(new Loop.Entry(at, false), inserted));
      }
    }
    return pieces;
  }
}
