/** Who is next, of those that wait for an endpoint. */
@NullMarked
package io.steelyard.balance.queue;

import org.jspecify.annotations.NullMarked;
