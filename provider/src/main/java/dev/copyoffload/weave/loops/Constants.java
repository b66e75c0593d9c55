package dev.copyoffload.weave.loops;

/** Constants that a class file gets besides those that it has. */
final class Constants {
  private static final int UTF8 = 1;
  private static final int INTEGER = 3;
  private static final int CLASS = 7;
  private static final int METHOD = 10;
  private static final int NAME_AND_TYPE = 12;

  private final Output added = new Output(256);
  private int count;

  /**
   * @param count of what is there, as a class file says it
   */
  Constants(int count) {
    this.count = count;
  }

  int count() {
    return count;
  }

  Output added() {
    return added;
  }

  int integer(int value) {
    added.u1(INTEGER);
    added.u4(value);
    return count++;
  }

  int method(String owner, String name, String descriptor) {
    return pair(METHOD, type(owner), pair(NAME_AND_TYPE, text(name), text(descriptor)));
  }

  private int type(String name) {
    int text = text(name);
    added.u1(CLASS);
    added.u2(text);
    return count++;
  }

  private int pair(int tag, int first, int second) {
    added.u1(tag);
    added.u2(first);
    added.u2(second);
    return count++;
  }

  private int text(String text) {
    added.u1(UTF8);
    added.u2(text.length());
    for (int i = 0; i < text.length(); i++) {
      added.u1(text.charAt(i));
    }
    return count++;
  }
}
