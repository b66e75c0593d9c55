/** Moves bytes between two descriptors by a chain of methods. */
@NullMarked
package dev.copyoffload.engine;

import org.jspecify.annotations.NullMarked;
