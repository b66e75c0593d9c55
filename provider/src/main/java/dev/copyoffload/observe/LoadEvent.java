package dev.copyoffload.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The flight recorder event of loading native code, once a JVM at most. */
@Name("dev.copyoffload.Load")
@Label("Native Code Load")
@Category("Copyoffload")
@Description("Loading of what copies by the kernel need; until it ends every copy is the JDK's")
@StackTrace(false)
final class LoadEvent extends Event {
  @Label("Available")
  @Description("Whether the kernel can be asked; if not, every copy stays the JDK's")
  boolean available;

  @Label("Reason")
  @Description("Why there is no native code; nothing if there is")
  @Nullable String reason;
}
