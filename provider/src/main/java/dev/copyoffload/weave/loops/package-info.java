/**
 * Recognises loops that copy one stream into another, and lets them ask for a transfer first.
 *
 * <p>{@link dev.copyoffload.weave.loops.Round} is the proof. It is about the loop alone: what a
 * method does around it, files that it opens or closes for instance, it goes on doing itself.
 */
@NullMarked
package dev.copyoffload.weave.loops;

import org.jspecify.annotations.NullMarked;
