package dev.copyoffload.spi;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.copyoffload.CopyOffload;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** A way to copy a file to one that is not there yet. */
enum Way {
  FILES_COPY {
    @Override
    long copy(Path from, Path to) throws IOException {
      return Files.size(Files.copy(from, to));
    }
  },
  TRANSFER_TO {
    @Override
    long copy(Path from, Path to) throws IOException {
      try (FileChannel in = FileChannel.open(from, READ);
          FileChannel out = FileChannel.open(to, WRITE, CREATE_NEW)) {
        return in.transferTo(0, Long.MAX_VALUE, out);
      }
    }
  },
  TRANSFER_FROM {
    @Override
    long copy(Path from, Path to) throws IOException {
      try (FileChannel in = FileChannel.open(from, READ);
          FileChannel out = FileChannel.open(to, WRITE, CREATE_NEW)) {
        return out.transferFrom(in, 0, Long.MAX_VALUE);
      }
    }
  },
  COPY_FROM_STREAM {
    @Override
    long copy(Path from, Path to) throws IOException {
      try (InputStream in = Files.newInputStream(from)) {
        return Files.copy(in, to);
      }
    }
  },
  COPY_TO_STREAM {
    @Override
    long copy(Path from, Path to) throws IOException {
      try (OutputStream out = Files.newOutputStream(to)) {
        return Files.copy(from, out);
      }
    }
  },
  STREAM_TO_STREAM {
    @Override
    long copy(Path from, Path to) throws IOException {
      try (InputStream in = Files.newInputStream(from);
          OutputStream out = Files.newOutputStream(to)) {
        return in.transferTo(out);
      }
    }
  },
  /** The only one that is by no provider. */
  FILE_STREAM_TO_FILE_STREAM {
    @Override
    long copy(Path from, Path to) throws IOException {
      try (InputStream in = new FileInputStream(from.toString());
          OutputStream out = new FileOutputStream(to.toString())) {
        return in.transferTo(out);
      }
    }
  },
  LIBRARY_CALL {
    @Override
    long copy(Path from, Path to) throws IOException {
      try (FileChannel in = FileChannel.open(from, READ);
          FileChannel out = FileChannel.open(to, WRITE, CREATE_NEW)) {
        return CopyOffload.transfer(in, 0, out, 0, Long.MAX_VALUE);
      }
    }
  };

  /** Copies and returns how many bytes there were. */
  abstract long copy(Path from, Path to) throws IOException;
}
