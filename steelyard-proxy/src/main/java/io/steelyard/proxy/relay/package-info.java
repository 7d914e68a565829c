/** Bytes between two connections, whatever they mean. */
@NullMarked
package io.steelyard.proxy.relay;

import org.jspecify.annotations.NullMarked;
