/** What a DNS query asks for. */
@NullMarked
package io.steelyard.codec.dns;

import org.jspecify.annotations.NullMarked;
