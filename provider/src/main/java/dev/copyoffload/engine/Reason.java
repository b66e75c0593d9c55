package dev.copyoffload.engine;

import dev.copyoffload.linux.Errno;

/**
 * Why something was declined, from a system call up to a whole copy: the next method does it, or
 * the JDK's own code.
 */
public sealed interface Reason {
  /** For people: events, the log, {@code doctor}. */
  String text();

  /**
   * The kernel refused.
   *
   * @param errno positive
   */
  record Refused(int errno) implements Reason {
    @Override
    public String text() {
      return Errno.nameOf(errno);
    }

    boolean is(Errno other) {
      return errno == other.number();
    }
  }

  /** A rule of ours. */
  enum Rule implements Reason {
    // Of a method.
    NOTHING_TRIED("nothing tried"),
    DISABLED("disabled"),
    UNWRITTEN("not on the disk yet"),
    HAS_CONTENTS("no size, but contents"),
    NO_HOLES("no holes"),
    OFFSET_NOT_OURS("the target's offset is not ours"),
    RETURNED_ZERO("returned 0"),
    WROTE_ZERO("wrote 0"),
    NO_MEMORY("no memory"),
    // Of a range.
    SMALL("too small to gain"),
    NOT_REGULAR("not a regular file"),
    BEYOND_ANY_FILE("beyond any file"),
    NOT_SHAREABLE("differs or cannot be shared"),
    // Of a transfer between open files.
    DECLINED_OF_LATE("the last ones did not gain"),
    JDK_SHARES("the JDK does as well there"),
    SYNCHRONOUS("opened for appending or for synchronous writes"),
    INHERITED("another process may use the same offset"),
    BEHIND_THE_END("behind the end of the target"),
    READS_ITS_OWN("the loop reads what it has written"),
    OBSTACLE("an obstacle that the JDK names"),
    // Of a copy.
    OPTION("an option that is not ours"),
    OTHER_PROVIDER("a path is of another provider"),
    SECURITY_MANAGER("a security manager"),
    UNAVAILABLE("there is no native code"),
    NOT_LOADED("native code is not loaded yet"),
    FILE("no regular file that stores bytes, or an obstacle that the JDK names");

    private final String text;

    Rule(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }

  /**
   * A method that was tried in vain.
   *
   * @param method its name in events
   * @param call the system call to name when it fails
   */
  record Tried(String method, String call, Reason reason) {
    @Override
    public String toString() {
      return method + ": " + reason.text();
    }

    /** For who asked for just this, by the call that man pages know. */
    public String byCall() {
      return call + ": " + reason.text();
    }
  }
}
