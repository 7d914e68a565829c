/**
 * How does a request get across? The services of one process: {@link io.steelyard.proxy.Proxy} is
 * the way in.
 */
@NullMarked
package io.steelyard.proxy;

import org.jspecify.annotations.NullMarked;
