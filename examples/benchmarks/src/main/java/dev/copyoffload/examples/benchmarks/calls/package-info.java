/** What is timed, and the program that runs it in a JVM of each variant: JMH and the JDK only. */
@NullMarked
package dev.copyoffload.examples.benchmarks.calls;

import org.jspecify.annotations.NullMarked;
