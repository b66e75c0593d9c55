package dev.copyoffload.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/** The flight recorder event of one copy. */
@Name("dev.copyoffload.Copy")
@Label("File Copy")
@Category("Copyoffload")
@Description("A file copy that the kernel did, or why it was left to the JDK")
final class CopyEvent extends Event {
  @Label("Source")
  @Description("The file that was copied")
  @Nullable String source;

  @Label("Target")
  @Description("The file that was written")
  @Nullable String target;

  @Label("Bytes")
  @Description("Length of what was copied, holes included")
  @DataAmount
  long bytes;

  @Label("Bytes Shared")
  @Description("Bytes whose extents source and target now share")
  @DataAmount
  long bytesShared;

  @Label("Bytes Moved")
  @Description("Bytes that were copied")
  @DataAmount
  long bytesMoved;

  @Label("Bytes in Holes")
  @Description("Bytes that stayed holes")
  @DataAmount
  long holes;

  @Label("Method")
  @Description("The methods that did it, joined by +")
  @Nullable String method;

  @Label("Methods Declined")
  @Description("The methods that could not, each with its reason")
  @Nullable String declined;

  @Label("Outcome")
  @Description(
      "completed, cancelled, declined, the call that failed with its errno,"
          + " or why it was left to the JDK")
  @Nullable String outcome;
}
