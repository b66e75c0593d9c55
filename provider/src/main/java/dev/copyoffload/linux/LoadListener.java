package dev.copyoffload.linux;

import org.jspecify.annotations.Nullable;

/** Told by the loading thread of what it does; throws nothing. */
public interface LoadListener {
  /** Loading begins. */
  void loading();

  /** Loading has ended, and nobody waits any more; {@code obstacle} says why it failed, if so. */
  void loaded(@Nullable Throwable obstacle);
}
