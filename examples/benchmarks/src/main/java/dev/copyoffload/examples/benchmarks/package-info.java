/** Plans, runs and reports benchmarks of the JDK's calls in JVMs with and without the provider. */
@NullMarked
package dev.copyoffload.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
