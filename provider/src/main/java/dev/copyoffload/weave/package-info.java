/**
 * Changes classes, so that their code asks us before it copies: as they are loaded, and those of
 * the JDK that are there already.
 *
 * <p>In come the bytes of a class. {@code JdkWeaver} decides: into the JDK's provider, channels and
 * streams {@code EntryWeaver} puts a call of our hooks, and the program's own classes are for the
 * package {@code loops} to look at. Defined for the boot loader, by which no class is looked up in
 * a jar or verified.
 */
@NullMarked
package dev.copyoffload.weave;

import org.jspecify.annotations.NullMarked;
