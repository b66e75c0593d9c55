package dev.copyoffload.examples.benchmarks.calls;

import dev.copyoffload.CopyOffload;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.openjdk.jmh.annotations.Benchmark;

/** A directory copied with all that is in it. */
public class TreeCalls {
  /** As programs do it with the JDK alone. */
  @Benchmark
  public Path walkAndCopy(FreshTrees trees) throws IOException {
    Path source = trees.sourceTree;
    Path target = trees.target;
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(directory, target.resolve(source.relativize(directory)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, target.resolve(source.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
    return target;
  }

  /** Only where the provider is: the class is not on the path of stock. */
  @Benchmark
  public Path copyTree(FreshTrees trees) throws IOException {
    CopyOffload.copyTree(trees.sourceTree, trees.target);
    return trees.target;
  }
}
