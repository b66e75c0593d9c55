/** Runs the same unmodified program on the JDK's file system provider and on ours, and compares. */
@NullMarked
package dev.copyoffload.examples.sidebyside;

import org.jspecify.annotations.NullMarked;
