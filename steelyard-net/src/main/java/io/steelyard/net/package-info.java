/** How do bytes move? Netty transports, timers, buffer accounting. */
@NullMarked
package io.steelyard.net;

import org.jspecify.annotations.NullMarked;
