package dev.copyoffload.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The flight recorder event of one offloaded copy. */
@Name("dev.copyoffload.Copy")
@Label("Offloaded copy")
@Category("Copyoffload")
@Description("A file copy that the kernel did; copies left to the JDK have no event")
@StackTrace(false)
final class CopyEvent extends Event {
  @Label("Source")
  @Nullable String source;

  @Label("Target")
  @Nullable String target;

  @Label("Bytes")
  @DataAmount
  long bytes;

  @Label("Bytes shared")
  @DataAmount
  long bytesShared;

  @Label("Bytes moved")
  @DataAmount
  long bytesMoved;

  @Label("Bytes in holes")
  @DataAmount
  long holes;

  @Label("Method")
  @Nullable String method;

  @Label("Methods declined")
  @Nullable String declined;

  @Label("Outcome")
  @Nullable String outcome;
}
