/** An HTTP request's way across: client connection, exchange, endpoint connection. */
@NullMarked
package io.steelyard.proxy.http;

import org.jspecify.annotations.NullMarked;
