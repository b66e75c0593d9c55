package dev.copyoffload.engine;

import java.util.List;
import java.util.StringJoiner;

/**
 * What a copy did.
 *
 * @param end how it ended; {@link Outcome.Declined} only as {@link Engine} says
 * @param bytesShared bytes whose extents source and target now share
 * @param bytesMoved bytes that were copied
 * @param bytesInHoles bytes that stayed holes
 * @param method the methods that did it, joined by {@code +}; {@code none} where there was nothing
 *     to share or to move
 * @param declined the methods that could not, each with its reason
 */
public record CopyReport(
    Outcome end,
    long bytesShared,
    long bytesMoved,
    long bytesInHoles,
    String method,
    List<Reason.Tried> declined) {

  /** What could not, for people. */
  public String declinedText() {
    StringJoiner text = new StringJoiner(", ");
    declined.forEach(tried -> text.add(tried.toString()));
    return text.toString();
  }

  /** The length of what was copied, holes included. */
  public long bytes() {
    return bytesShared + bytesMoved + bytesInHoles;
  }
}
