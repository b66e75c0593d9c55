package dev.copyoffload.spi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A copy that a program makes before any other.
 *
 * @param source what is copied
 * @param size of the source, if that is a file; {@link #SPARSE} for one with holes
 * @param target what is there before
 * @param way by which call
 * @param options a set for {@link Files#copy(Path, Path, java.nio.file.CopyOption...)}
 */
record FirstCopy(Kind source, int size, Target target, Way way, int options) {
  private static final int SPARSE = -1;
  private static final int[] SIZES = {0, 1, 4096, 70_000, 300_003, 5 << 20, SPARSE, SPARSE};

  /** Chooses one, more often than not of a file to a name that is free. */
  static FirstCopy random(Random random) {
    Kind source = random.nextBoolean() ? Kind.FILE : any(Kind.values(), random);
    Target target = random.nextBoolean() ? Target.ABSENT : any(Target.values(), random);
    Way way = any(Way.values(), random);
    while (way == Way.LIBRARY_CALL) {
      way = any(Way.values(), random);
    }
    int size = SIZES[random.nextInt(SIZES.length)];
    return new FirstCopy(source, size, target, way, random.nextInt(16));
  }

  private static <T> T any(T[] values, Random random) {
    return values[random.nextInt(values.length)];
  }

  Row row() {
    return Row.row(toString(), this::layOut, this::copy);
  }

  private void layOut(Sandbox s) throws IOException {
    if (source != Kind.FILE) {
      source.make(s, "a");
    } else if (size == SPARSE) {
      s.sparse("a", 3 << 20, 1 << 20, 2_500_000);
    } else {
      s.file("a", size);
    }
    target.make(s);
  }

  private void copy(Sandbox s) throws IOException {
    if (way == Way.FILES_COPY) {
      Files.copy(s.from("a"), target.path(s), MatrixContract.options(options));
    } else {
      way.copy(s.from("a"), target.path(s));
    }
  }

  /** Has a JVM of its own make the copy, in a sandbox that is laid out. */
  String runIn(ChildJvm jvm, Sandbox s) throws IOException {
    return jvm.run(FirstCopy.class, s.rawFrom(""), s.rawTo(""), source, size, target, way, options);
  }

  /** Says what came of it. */
  public static void main(String[] arguments) {
    FirstCopy copy =
        new FirstCopy(
            Kind.valueOf(arguments[2]),
            Integer.parseInt(arguments[3]),
            Target.valueOf(arguments[4]),
            Way.valueOf(arguments[5]),
            Integer.parseInt(arguments[6]));
    Sandbox s = Sandbox.existing(Path.of(arguments[0]), Path.of(arguments[1]));
    System.out.print(Outcome.of(copy::copy, s).named("FROM/a", "TO/b"));
  }
}
