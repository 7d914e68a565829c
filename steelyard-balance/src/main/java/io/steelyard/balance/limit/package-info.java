/** How much is asked of endpoints at a time, and how often again. */
@NullMarked
package io.steelyard.balance.limit;

import org.jspecify.annotations.NullMarked;
