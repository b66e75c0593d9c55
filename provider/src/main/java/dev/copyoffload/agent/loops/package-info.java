/** Recognises loops that copy one stream into another, and lets them ask for a transfer first. */
@NullMarked
package dev.copyoffload.agent.loops;

import org.jspecify.annotations.NullMarked;
