package dev.copyoffload.engine;

import dev.copyoffload.linux.FileStatus;
import dev.copyoffload.linux.FileSystemStatus;
import java.nio.ByteBuffer;

/** Copies a range: shares its whole blocks where that can be, moves the rest. */
final class RangeCopy {
  private final Ends ends;
  private final Transfer transfer;
  private final Pool<ByteBuffer> buffers;
  private final RangePolicy policy;

  RangeCopy(Ends ends, Transfer transfer, Pool<ByteBuffer> buffers, RangePolicy policy) {
    this.ends = ends;
    this.transfer = transfer;
    this.buffers = buffers;
    this.policy = policy;
  }

  Outcome run(Span request) {
    if (request.length() < policy.moveFrom() && request.length() < SharedMiddle.WORTHWHILE) {
      return new Outcome.Declined(0, "small");
    }
    Span asked = request;
    FileStatus source = ends.statusOf(ends.source());
    FileStatus target = ends.statusOf(ends.target());
    if (source == null || target == null) {
      return transfer.move(asked, asked.length());
    }
    long there = Math.max(0, source.size() - asked.sourceOffset());
    Span span = asked.first(Math.min(there, asked.length()));
    if (source.isSameFile(target)) {
      // What the copy itself appends is not part of the source.
      asked = span;
      if (span.overlaps()) {
        return moveOverlapping(span);
      }
    }
    FileSystemStatus fileSystem = ends.fileSystemOf(ends.target());
    SharedMiddle middle =
        fileSystem == null
            ? null
            : SharedMiddle.of(span, fileSystem.blockSize(), source.size(), target.size());
    if (middle == null) {
      return transfer.move(asked, span.length());
    }
    return shareMiddle(asked, span, middle);
  }

  private Outcome shareMiddle(Span asked, Span span, SharedMiddle middle) {
    if (middle.head() > 0) {
      Outcome head = transfer.move(span.first(middle.head()), middle.head());
      if (!(head instanceof Outcome.Completed) || head.bytes() < middle.head()) {
        return head;
      }
    }
    Outcome shared = transfer.share(span.after(middle.head()).first(middle.length()));
    long done = middle.head() + shared.bytes();
    if (!(shared instanceof Outcome.Completed || shared instanceof Outcome.Declined)) {
      return shared.plus(middle.head());
    }
    // What is asked for and not there yet: a writer may have appended to the source meanwhile.
    return transfer.move(asked.after(done), span.length() - done).plus(done);
  }

  private Outcome moveOverlapping(Span span) {
    ByteBuffer buffer = ReadWrite.take(buffers);
    try {
      Outcome outcome = new OverlappingMove(ends, span, buffer).run();
      transfer.accountMoved("read/write", outcome.bytes());
      return outcome;
    } finally {
      buffers.offer(buffer);
    }
  }
}
