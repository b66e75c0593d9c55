package dev.copyoffload.examples.benchmarks.calls;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;

import dev.copyoffload.CopyOffload;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.openjdk.jmh.annotations.Benchmark;

/** A directory copied with all that is in it. */
public class TreeCalls {
  @Benchmark
  public Path walkAndCopy(FreshTrees trees) throws IOException {
    return walkAndCopy(trees, new CopyOption[0]);
  }

  @Benchmark
  public Path walkAndCopyAttributes(FreshTrees trees) throws IOException {
    return walkAndCopy(trees, COPY_ATTRIBUTES);
  }

  /** As programs do it with the JDK alone. */
  private static Path walkAndCopy(FreshTrees trees, CopyOption... options) throws IOException {
    Path source = trees.sourceTree;
    Path target = trees.target;
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(directory, target.resolve(source.relativize(directory)), options);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, target.resolve(source.relativize(file)), options);
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

  @Benchmark
  public Path copyTreeAttributes(FreshTrees trees) throws IOException {
    CopyOffload.copyTree(trees.sourceTree, trees.target, COPY_ATTRIBUTES);
    return trees.target;
  }

  /** What cp(1) takes for the same, with the start of its process. */
  @Benchmark
  public int cp(FreshTrees trees) throws IOException, InterruptedException {
    return Cp.run("-r", trees.source, trees.target);
  }

  /** The same with attributes. */
  @Benchmark
  public int cpAttributes(FreshTrees trees) throws IOException, InterruptedException {
    return Cp.run("-a", trees.source, trees.target);
  }
}
