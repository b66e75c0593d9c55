package dev.copyoffload.examples.benchmarks;

import dev.copyoffload.examples.benchmarks.calls.FirstCopies;
import dev.copyoffload.examples.benchmarks.calls.TreeDeletion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Times the first copies of new JVMs: one process for each figure, every variant by turns. */
final class NewJvms {
  static final Set<Variant> VARIANTS =
      EnumSet.of(Variant.STOCK, Variant.AGENT, Variant.AGENTLIB, Variant.LEAN, Variant.TRANSPARENT);

  private final List<Start> starts;
  private final int rounds;
  private final Artifacts artifacts;

  /**
   * Prepares starts.
   *
   * @param rounds how many of each
   */
  NewJvms(List<Start> starts, int rounds, Artifacts artifacts) {
    this.starts = starts;
    this.rounds = rounds;
    this.artifacts = artifacts;
  }

  static boolean isRow(RowKey key) {
    return key.call().startsWith("new JVM");
  }

  /**
   * Adds the figures of each work in each place.
   *
   * @param only rows whose name has no match are left out
   * @param leftOut told of what there is no room for
   */
  void run(
      List<Work> works, List<Place> places, Pattern only, Consumer<String> leftOut, Figures figures)
      throws IOException, InterruptedException {
    List<Task> tasks = new ArrayList<>();
    for (Place place : places) {
      for (Work work : works) {
        if (only.matcher(work.copies(place).toString()).find()
            || only.matcher(work.process(place).toString()).find()) {
          tasks.add(new Task(work, place));
        }
      }
    }
    if (tasks.isEmpty()) {
      return;
    }
    try (Children children = new Children();
        ProgressBar progress =
            new ProgressBarBuilder()
                .setTaskName("new JVMs")
                .setInitialMax(tasks.size())
                .setUpdateIntervalMillis(1000)
                .setMaxRenderedLength(100)
                .build()) {
      for (Task task : tasks) {
        progress.setExtraMessage(task.work().copies(task.place()).toString());
        if (hasRoom(task, leftOut)) {
          run(task, children, figures);
        }
        progress.step();
      }
    }
  }

  private void run(Task task, Children children, Figures figures)
      throws IOException, InterruptedException {
    // Nothing is kept from one work to the next: they would not all fit.
    try (Inputs inputs = new Inputs()) {
      Path sources = task.work().maker().files(inputs, task.place());
      inputs.sync();
      for (int round = 0; round < rounds; round++) {
        for (Start start : Turns.of(starts, round)) {
          Path targets = inputs.copies(task.place());
          long before = System.nanoTime();
          String[] printed =
              start
                  .run(
                      artifacts,
                      children,
                      FirstCopies.class,
                      task.work().call(),
                      sources.toString(),
                      targets.toString())
                  .split("\n", -1);
          double process = System.nanoTime() - before;
          if (!printed[1].equals(start.variant().provider())) {
            throw new IOException(start.column() + ": the provider is " + printed[1]);
          }
          figures.add(
              task.work().copies(task.place()), start.column(), Double.parseDouble(printed[0]));
          figures.add(task.work().process(task.place()), start.column(), process);
          TreeDeletion.of(targets);
        }
      }
    }
  }

  /** There must be room for the files, their copies, and air for the file system itself. */
  private static boolean hasRoom(Task task, Consumer<String> leftOut) throws IOException {
    long needed = 3 * task.work().bytes();
    long free = Files.getFileStore(task.place().directory()).getUsableSpace();
    if (free < needed) {
      leftOut.accept(
          "left out: %s: %,d MiB are needed, %,d are free"
              .formatted(task.work().copies(task.place()), needed >> 20, free >> 20));
    }
    return free >= needed;
  }

  private record Task(Work work, Place place) {}
}
