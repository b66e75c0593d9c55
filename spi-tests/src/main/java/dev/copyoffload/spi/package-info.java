/** Contracts of {@code java.nio.file} that any default provider must hold, on real file systems. */
@NullMarked
package dev.copyoffload.spi;

import org.jspecify.annotations.NullMarked;
