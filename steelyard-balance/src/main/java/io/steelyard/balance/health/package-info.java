/**
 * Which endpoints are well? What probes found and what traffic shows becomes one health per
 * endpoint. Deterministic: results and times are handed in.
 */
@NullMarked
package io.steelyard.balance.health;

import org.jspecify.annotations.NullMarked;
