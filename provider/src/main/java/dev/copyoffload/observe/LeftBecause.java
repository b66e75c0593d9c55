package dev.copyoffload.observe;

/** Why a copy was left to the JDK's own code. */
public enum LeftBecause {
  OPTION("an option that is not ours"),
  PROVIDER("a path is of another provider"),
  SECURITY_MANAGER("a security manager"),
  UNAVAILABLE("there is no native code"),
  NOT_LOADED("native code is not loaded yet"),
  FILE("no regular file that stores bytes, or an obstacle that the JDK names");

  private final String reason;

  LeftBecause(String reason) {
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
