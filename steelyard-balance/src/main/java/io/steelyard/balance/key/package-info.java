/** Which part of what a balancer is shown it takes for the key. */
@NullMarked
package io.steelyard.balance.key;

import org.jspecify.annotations.NullMarked;
