/**
 * What do the bytes say? Parsers and writers without input or output of their own: they are handed
 * bytes and tell what they found. One package per protocol; what they share is here.
 */
@NullMarked
package io.steelyard.codec;

import org.jspecify.annotations.NullMarked;
