package dev.copyoffload.spi;

import dev.copyoffload.CopyOffload;
import org.apache.tools.ant.BuildException;
import org.apache.tools.ant.Task;

/**
 * An Ant task: what is copied behind it can be offloaded, however slowly native code loads.
 *
 * <p>Ant transfers 16 MiB at a time, and no transfer of that size waits.
 */
public final class LoadNativeCode extends Task {
  /** Called by Ant. */
  public LoadNativeCode() {}

  @Override
  public void execute() {
    if (!CopyOffload.load()) {
      throw new BuildException("no native code");
    }
  }
}
