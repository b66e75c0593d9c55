package dev.copyoffload.linux;

/** What {@link StubFile} asks of the JDK: from within java.base, or from without. */
interface Place {
  /** Who owns a directory, times 2^32, and its mode; -1 if it cannot be asked. */
  long ownerAndMode(String directory);

  /** Creates a file of mode 0600 where there is none, and writes it; whether it is whole. */
  boolean create(String file, byte[] content);

  void delete(String file);

  /**
   * Loads a shared object.
   *
   * @throws UnsatisfiedLinkError if its directory forbids execution, or it is of another machine
   */
  void load(String file);
}
