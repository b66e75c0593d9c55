package dev.copyoffload.spi;

import static dev.copyoffload.spi.Row.row;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies and moves whose other end belongs to another provider: one in memory, one in a zip. */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachVolume.class)
public abstract class ForeignContract extends DiskContract {
  @ParameterizedTest
  @MethodSource("rows")
  final void testForeign(Row row) throws IOException {
    check(row);
  }

  static Stream<Row> rows() {
    return Stream.of(Foreign.values())
        .flatMap(
            foreign ->
                Stream.of(
                    row(
                        foreign + ": there and back",
                        s -> s.file("a", 300_000),
                        foreign.with(
                            (s, there) -> {
                              Files.copy(s.from("a"), there);
                              Files.copy(there, s.to("b"));
                            })),
                    row(
                        foreign + ": there and back with attributes",
                        s -> s.file("a", 300_000).targetFile("b", 3),
                        foreign.with(
                            (s, there) -> {
                              Files.copy(s.from("a"), there, COPY_ATTRIBUTES);
                              Files.copy(there, s.to("b"), COPY_ATTRIBUTES, REPLACE_EXISTING);
                            })),
                    row(
                        foreign + ": moved there and back",
                        s -> s.file("a", 70_000),
                        foreign.with(
                            (s, there) -> {
                              Files.move(s.from("a"), there);
                              Files.move(there, s.to("b"));
                            })),
                    row(
                        foreign + ": directory",
                        s -> s.directory("a"),
                        foreign.with(
                            (s, there) -> {
                              Files.copy(s.from("a"), there);
                              Files.copy(there, s.to("b"));
                            })),
                    row(
                            foreign + ": existing target",
                            s -> s.targetFile("b", 3),
                            foreign.with(
                                (s, there) -> {
                                  Files.write(there, new byte[70_000]);
                                  Files.copy(there, s.to("b"));
                                }))
                        .fails(FileAlreadyExistsException.class),
                    row(
                            foreign + ": existing target there",
                            s -> s.file("a", 3),
                            foreign.with(
                                (s, there) -> {
                                  Files.write(there, new byte[7]);
                                  Files.copy(s.from("a"), there);
                                }))
                        .fails(FileAlreadyExistsException.class),
                    row(
                            foreign + ": non-empty directory as target",
                            s -> s.targetDirectory("b").targetFile("b/c", 3),
                            foreign.with(
                                (s, there) -> {
                                  Files.write(there, new byte[7]);
                                  Files.copy(there, s.to("b"), REPLACE_EXISTING);
                                }))
                        .fails(DirectoryNotEmptyException.class),
                    row(
                            foreign + ": missing source",
                            s -> {},
                            foreign.with((s, there) -> Files.copy(s.from("a"), there)))
                        .fails(NoSuchFileException.class),
                    row(
                            foreign + ": missing source there",
                            s -> {},
                            foreign.with((s, there) -> Files.copy(there, s.to("b"))))
                        .fails(NoSuchFileException.class)));
  }

  private enum Foreign {
    MEMORY {
      @Override
      FileSystem open(Sandbox s) {
        return Jimfs.newFileSystem(Configuration.unix());
      }
    },
    ZIP {
      @Override
      FileSystem open(Sandbox s) throws IOException {
        return FileSystems.newFileSystem(s.to(Snapshot.UNREAD), Map.of("create", "true"));
      }
    };

    abstract FileSystem open(Sandbox s) throws IOException;

    Outcome.Operation with(Use use) {
      return s -> {
        try (FileSystem foreign = open(s)) {
          use.use(s, foreign.getPath("/there"));
        }
      };
    }
  }

  /** Something to do with a path of another provider. */
  private interface Use {
    void use(Sandbox s, Path there) throws IOException;
  }
}
