/**
 * The balancing algorithms, one per file, and {@link io.steelyard.balance.balancer.Balancers},
 * where each has its line.
 */
@NullMarked
package io.steelyard.balance.balancer;

import org.jspecify.annotations.NullMarked;
