/**
 * From the choice of an endpoint to a connection to it, shared by every protocol: choosing,
 * leasing, connecting, reusing.
 */
@NullMarked
package io.steelyard.proxy.pool;

import org.jspecify.annotations.NullMarked;
