/**
 * File system providers, and which calls are ours.
 *
 * <p>In come the calls of a program: from the JDK's own provider, which the agent has woven ({@link
 * dev.copyoffload.provider.AskedByJdk}); from an extension of it ({@link
 * dev.copyoffload.provider.CopyingProvider}); or from one that wraps ({@code WrappingProvider}).
 * {@code Installation} decides which of the latter two. Copies and moves go to the package {@code
 * file}, channels and streams to {@code transfer}, the rest to the JDK by {@code forward}, which
 * decides nothing.
 */
@NullMarked
package dev.copyoffload.provider;

import org.jspecify.annotations.NullMarked;
