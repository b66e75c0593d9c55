/** Tests of jcp, most of them against cp itself. */
@NullMarked
package dev.copyoffload.examples.jcp;

import org.jspecify.annotations.NullMarked;
