/**
 * What stands before a pool's balancer, whichever it is: {@link
 * io.steelyard.balance.decorate.PoolBalancers} builds the chain that the pool's settings ask for.
 *
 * <pre>
 *   Priorities ──► Zones ──► Subset ──► SlowStart ──► the balancer
 *   which groups    which      which     whose turn
 *   serve           zone       part      it is yet
 * </pre>
 *
 * <p>Priorities, zones and subsets each divide the endpoints into parts with a chain of their own
 * ({@link io.steelyard.balance.decorate.Parts}); slow start refuses on behalf of the request.
 */
@NullMarked
package io.steelyard.balance.decorate;

import org.jspecify.annotations.NullMarked;
