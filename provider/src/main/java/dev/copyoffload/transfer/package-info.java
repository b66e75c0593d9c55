/** File channels and streams whose transfers are offered to the kernel. */
@NullMarked
package dev.copyoffload.transfer;

import org.jspecify.annotations.NullMarked;
