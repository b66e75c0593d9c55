/** What happened: flight recorder events and log lines. */
@NullMarked
package dev.copyoffload.observe;

import org.jspecify.annotations.NullMarked;
