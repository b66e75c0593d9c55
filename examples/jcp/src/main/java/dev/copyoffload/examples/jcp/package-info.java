/** A {@code cp} for the JVM, on the library's calls. */
@NullMarked
package dev.copyoffload.examples.jcp;

import org.jspecify.annotations.NullMarked;
