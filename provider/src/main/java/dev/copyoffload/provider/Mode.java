package dev.copyoffload.provider;

/** What programs see of a default provider of ours. */
public enum Mode {
  /** The JDK's own paths, of a file system whose provider is defined in the JDK's package. */
  TRANSPARENT,
  /** Paths of ours around the JDK's. */
  WRAPPING,
  /** The JDK's own file system: switched off, or on the boot class path and not let in. */
  OFF
}
