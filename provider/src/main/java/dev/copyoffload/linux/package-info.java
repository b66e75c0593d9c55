/** Typed Linux system calls: the only place that sees JNA. */
@NullMarked
package dev.copyoffload.linux;

import org.jspecify.annotations.NullMarked;
