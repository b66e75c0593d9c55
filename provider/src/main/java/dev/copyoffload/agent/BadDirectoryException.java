package dev.copyoffload.agent;

/** A directory that cannot be probed; the message is for people. */
final class BadDirectoryException extends Exception {
  private static final long serialVersionUID = 1;

  BadDirectoryException(String message) {
    super(message);
  }
}
