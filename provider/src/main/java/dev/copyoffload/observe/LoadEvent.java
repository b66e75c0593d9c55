package dev.copyoffload.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The flight recorder event of how the kernel is reached, with the first copy that is recorded. */
@Name("dev.copyoffload.Load")
@Label("Native Code Load")
@Category("Copyoffload")
@Description("How the kernel is reached, or why it is not")
@StackTrace(false)
final class LoadEvent extends Event {
  @Label("Available")
  @Description("Whether the kernel can be asked; if not, every copy stays the JDK's")
  boolean available;

  @Label("Reason")
  @Description("Why there is no native code, or no stub; nothing if there is")
  @Nullable String reason;

  @Label("Load Time")
  @Description("How long it took to reach the kernel")
  @Timespan(Timespan.NANOSECONDS)
  long took;
}
