package dev.copyoffload.provider;

import dev.copyoffload.file.FileCopies;
import dev.copyoffload.linux.Completion;
import dev.copyoffload.transfer.OfferingHook;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Path;
import sun.nio.fs.CopyHook;

/** Answers the JDK's own provider, channels and streams, which the agent has made ask. */
public final class AskedByJdk extends CopyHook {
  private AskedByJdk() {}

  /** Answers from now on. */
  public static void install() {
    CopyHook.install(new AskedByJdk());
    OfferingHook.install();
  }

  @Override
  public boolean copies(Path source, Path target, CopyOption... options) throws IOException {
    if (!Completion.ensure()) {
      return false;
    }
    if (FileCopies.hasDemands(options)) {
      AnyProviderCopy.copyAsDemanded(source, target, AskedByJdk::copyByJdk, options);
      return true;
    }
    return FileCopies.copy(source, target, options);
  }

  /** Asks once more, without options of ours. */
  private static void copyByJdk(Path source, Path target, CopyOption... options)
      throws IOException {
    source.getFileSystem().provider().copy(source, target, options);
  }

  @Override
  public boolean moves(Path source, Path target, CopyOption... options) throws IOException {
    return Completion.ensure() && FileCopies.move(source, target, options);
  }
}
