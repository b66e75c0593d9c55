package dev.copyoffload.examples.jcp;

import dev.copyoffload.CopyProgress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on standard error that shows how far a copy is. */
final class Bar implements CopyProgress.Listener, AutoCloseable {
  private final ProgressBar bar;

  Bar(String task) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setStyle(ProgressBarStyle.ASCII)
            .setUnit(" MiB", 1 << 20)
            .showSpeed()
            .build();
  }

  @Override
  public boolean progressed(long bytesDone, long bytesTotal) {
    bar.maxHint(bytesTotal);
    bar.stepTo(bytesDone);
    return true;
  }

  @Override
  public void close() {
    bar.close();
  }
}
