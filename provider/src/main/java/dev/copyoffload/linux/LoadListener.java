package dev.copyoffload.linux;

import org.jspecify.annotations.Nullable;

/** Told by the loading thread of what it does; throws nothing. */
public interface LoadListener {
  /** Loading begins. */
  void loading();

  /** System calls can be made, and nobody else knows yet. */
  void usable(SystemCalls calls);

  /** Loading has ended, and nobody waits any more; {@code obstacle} says why it failed, if so. */
  void loaded(@Nullable Throwable obstacle);
}
