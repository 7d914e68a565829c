/** Datagrams of any protocol: sessions by the client's address, an endpoint for each. */
@NullMarked
package io.steelyard.proxy.udp;

import org.jspecify.annotations.NullMarked;
