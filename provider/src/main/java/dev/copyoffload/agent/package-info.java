/**
 * How the agent gets into a JVM, and the report of what works where.
 *
 * <p>In comes {@code premain} ({@link dev.copyoffload.agent.Agent}). {@code Door} enters java.base
 * by a class that is not loaded yet, and defines the classes that {@code Image} reads from the jar.
 * {@code JdkWeaver} is the transformer: by {@code EntryWeaver} it puts our hooks in front of the
 * JDK's copies and transfers, and has the package {@code loops} look at the program's own classes.
 * {@link dev.copyoffload.agent.Main} is {@code doctor}.
 */
@NullMarked
package dev.copyoffload.agent;

import org.jspecify.annotations.NullMarked;
