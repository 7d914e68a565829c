/**
 * What has happened: counters, gauges and latencies per listener, pool and endpoint.
 *
 * <p>Every event loop counts for itself, without atomics and without sharing a cache line with
 * another loop; {@link io.steelyard.proxy.stats.Stats} sums the loops when somebody asks. The
 * numbers are kept by name and outlive configurations.
 *
 * <pre>
 *   loop 0 ─ LoopStats ─┬─ ListenerStats "web"
 *                       └─ PoolStats "site" ── EndpointStats "10.0.0.11:8080"      Stats
 *   loop 1 ─ LoopStats ─┬─ ListenerStats "web"                                ──▶  sums by name
 *                       └─ PoolStats "site" ── EndpointStats "10.0.0.11:8080"
 * </pre>
 */
@NullMarked
package io.steelyard.proxy.stats;

import org.jspecify.annotations.NullMarked;
