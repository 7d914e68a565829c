/**
 * Balancers in virtual time: requests that arrive, endpoints that take their time, fail and come
 * back. The choosing is what serves, {@link io.steelyard.balance.Pool#lease}; everything around it
 * is made up, from one seed.
 */
@NullMarked
package io.steelyard.balance.simulate;

import org.jspecify.annotations.NullMarked;
