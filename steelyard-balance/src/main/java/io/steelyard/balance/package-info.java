/** Which endpoint, and why? No sockets, no threads, no clock, no randomness of its own. */
@NullMarked
package io.steelyard.balance;

import org.jspecify.annotations.NullMarked;
