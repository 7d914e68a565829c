/** What every version of QUIC shows of a packet to those between its ends. */
@NullMarked
package io.steelyard.codec.quic;

import org.jspecify.annotations.NullMarked;
