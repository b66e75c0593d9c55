/** Copies files the way the kernel can. */
@NullMarked
package dev.copyoffload;

import org.jspecify.annotations.NullMarked;
