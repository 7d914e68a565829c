/**
 * Where a key belongs: one way of placing keys per file. Balancers put these together with what
 * they take for the key and with its hash.
 */
@NullMarked
package io.steelyard.balance.placement;

import org.jspecify.annotations.NullMarked;
