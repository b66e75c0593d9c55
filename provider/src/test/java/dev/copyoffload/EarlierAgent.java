package dev.copyoffload;

import java.nio.file.FileSystems;

/** An agent that fixes the default file system. */
public final class EarlierAgent {
  private EarlierAgent() {}

  public static void premain(String arguments) {
    FileSystems.getDefault();
  }
}
