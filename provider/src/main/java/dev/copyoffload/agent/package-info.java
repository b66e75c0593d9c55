/**
 * How the agent gets into a JVM, and the report of what works where.
 *
 * <p>In comes {@code premain} ({@link dev.copyoffload.agent.Agent}). {@code Door} enters java.base
 * by a class that is not loaded yet, and defines classes that it reads from the jar; among them is
 * the package {@code weave}, whose {@code JdkWeaver} is the transformer, and stays where loops are
 * looked for. {@link dev.copyoffload.agent.Main} is {@code doctor}.
 */
@NullMarked
package dev.copyoffload.agent;

import org.jspecify.annotations.NullMarked;
