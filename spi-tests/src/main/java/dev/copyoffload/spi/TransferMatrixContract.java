package dev.copyoffload.spi;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@link FileChannel#transferTo} and {@link FileChannel#transferFrom} of sizes, positions and
 * counts around every edge, as stock does them.
 */
@ParameterizedClass(name = "{0}")
@ArgumentsSource(EachNeighbour.class)
public abstract class TransferMatrixContract extends DiskContract {
  private static final List<Pairing> PAIRINGS = List.of(Pairing.values());
  private static final int TARGET_SIZE = 100_001;
  private static final byte[] TARGET = new byte[TARGET_SIZE];

  static {
    new Random(1).nextBytes(TARGET);
  }

  /** How many bytes a round takes from where to where. */
  private record Round(long from, long at, long count) {}

  /** Which of the two channels is asked. */
  private enum Direction {
    TO {
      @Override
      long transfer(FileChannel in, FileChannel out, Round round, long done) throws IOException {
        return in.transferTo(round.from + done, round.count - done, out);
      }
    },
    FROM {
      @Override
      long transfer(FileChannel in, FileChannel out, Round round, long done) throws IOException {
        return out.transferFrom(in, round.at + done, round.count - done);
      }
    };

    abstract long transfer(FileChannel in, FileChannel out, Round round, long done)
        throws IOException;
  }

  @ParameterizedTest
  @ValueSource(longs = {65_537, 300_000})
  final void testTransfer_ofEveryRange(long size) throws IOException {
    compare(
        size,
        new long[] {0, 1, 4096, size / 2 + 1, size, size + 7},
        new long[] {0, 4096, 50_001, TARGET_SIZE, TARGET_SIZE + 40_000},
        new long[] {0, 1, 65_535, 65_536, 65_537, size, Long.MAX_VALUE});
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 65_535, 65_536, 262_144, (1 << 20) + 13, 3_000_000})
  final void testTransfer_ofSize(long size) throws IOException {
    compare(
        size,
        new long[] {0, 4096, size},
        new long[] {0, 8192, TARGET_SIZE},
        new long[] {262_143, size, Long.MAX_VALUE});
  }

  private void compare(long size, long[] froms, long[] ats, long[] counts) throws IOException {
    for (Direction direction : Direction.values()) {
      compare(
          Row.row(
              direction + " of " + size,
              s -> s.file("a", size),
              s -> {
                // So that every pairing meets every value of each, though not every combination.
                int turn = 0;
                for (long from : froms) {
                  for (long at : ats) {
                    turn++;
                    for (long count : LongStream.of(counts).distinct().toArray()) {
                      Pairing pairing = PAIRINGS.get(turn++ % PAIRINGS.size());
                      Round round = new Round(from, at, count);
                      s.observe(
                          direction + " " + pairing + " " + size + " " + round,
                          () -> transfer(s, pairing, direction, round));
                    }
                  }
                }
              }));
    }
  }

  /** Transfers, again where a call was short, and says all that there is to see afterwards. */
  private static String transfer(Sandbox s, Pairing pairing, Direction direction, Round round)
      throws IOException {
    Files.write(s.rawTo("b"), TARGET);
    StringBuilder text = new StringBuilder();
    try (FileChannel in = FileChannel.open(pairing.source(s, "a"), READ);
        FileChannel out = FileChannel.open(pairing.target(s, "b"), WRITE)) {
      // What the direction does not name is where the other channel is.
      in.position(direction == Direction.TO ? 11 : round.from);
      out.position(direction == Direction.TO ? round.at : 13);
      long done = 0;
      long last;
      do {
        last = direction.transfer(in, out, round, done);
        done += last;
      } while (last > 0 && done < round.count);
      text.append(done).append(" bytes, source at ").append(in.position());
      text.append(" of ").append(in.size()).append(", target at ").append(out.position());
      text.append(" of ").append(out.size());
    }
    CRC32C sum = new CRC32C();
    sum.update(Files.readAllBytes(s.rawTo("b")));
    return text.append(", sum ").append(Long.toHexString(sum.getValue())).toString();
  }
}
