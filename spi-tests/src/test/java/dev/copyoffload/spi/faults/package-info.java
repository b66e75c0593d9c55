/** Real JVMs whose system calls are made to fail. */
@NullMarked
package dev.copyoffload.spi.faults;

import org.jspecify.annotations.NullMarked;
