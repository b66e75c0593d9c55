/** The agent: opens the JDK's packages and puts our code into its place. */
@NullMarked
package dev.copyoffload.agent;

import org.jspecify.annotations.NullMarked;
