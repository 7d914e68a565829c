/**
 * Connections of any protocol: an endpoint is chosen for each, and bytes are passed on both ways.
 */
@NullMarked
package io.steelyard.proxy.tcp;

import org.jspecify.annotations.NullMarked;
