/** The agent that installs the provider in any program, and the report of what works where. */
@NullMarked
package dev.copyoffload.agent;

import org.jspecify.annotations.NullMarked;
