package dev.copyoffload.provider;

import dev.copyoffload.file.FileCopies;
import dev.copyoffload.linux.Completion;
import dev.copyoffload.transfer.OfferingHook;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import sun.nio.fs.CopyHook;

/** Answers the JDK's own provider, channels and streams, which the agent has made ask. */
public final class AskedByJdk extends CopyHook {
  /** Targets of copies that were left until the JDK has looked, each in a place of its thread. */
  private final @Nullable Path[] left = new Path[64];

  private final FirstCopies first = new FirstCopies();

  private AskedByJdk() {}

  /** Answers from now on. */
  public static void install() {
    CopyHook.install(new AskedByJdk());
    OfferingHook.install();
  }

  // Until our classes are there the JDK looks at the file, and asks again: they may cost more than
  // a copy gains.
  private boolean isLeftAtFirst(Path target, CopyOption... options) {
    if (Completion.isBegun()) {
      return false;
    }
    for (CopyOption option : options) {
      if (!(option instanceof StandardCopyOption) && !(option instanceof LinkOption)) {
        return false;
      }
    }
    left[placeOfThread()] = target;
    return true;
  }

  private int placeOfThread() {
    return (int) Thread.currentThread().getId() & (left.length - 1);
  }

  @Override
  public boolean copiesFile(Path source, Path target, long size, long device, boolean attributes)
      throws IOException {
    int place = placeOfThread();
    boolean waits = left[place] == target;
    left[place] = null;
    // Another thread's copy may have had our classes defined meanwhile. What was asked about with
    // them there has been declined.
    if (!waits
        || (!Completion.isBegun() && first.leave(source, size, device))
        || !Completion.ensure()) {
      return false;
    }
    return attributes
        ? FileCopies.copy(source, target, StandardCopyOption.COPY_ATTRIBUTES)
        : FileCopies.copy(source, target);
  }

  @Override
  public boolean copies(Path source, Path target, CopyOption... options) throws IOException {
    if (isLeftAtFirst(target, options) || !Completion.ensure()) {
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
    return !isLeftAtFirst(target, options)
        && Completion.ensure()
        && FileCopies.move(source, target, options);
  }
}
