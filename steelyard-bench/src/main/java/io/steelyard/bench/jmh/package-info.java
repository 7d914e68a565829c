/**
 * What the hot path costs step by step, in nanoseconds and allocated bytes: JMH, by {@code ./bench
 * jmh}. Nothing here should allocate: {@code gc.alloc.rate.norm} is 0 B/op but for noise.
 */
@NullMarked
package io.steelyard.bench.jmh;

import org.jspecify.annotations.NullMarked;
