/**
 * The PROXY protocol of HAProxy, versions 1 and 2: who a connection comes from, told by a proxy.
 */
@NullMarked
package io.steelyard.codec.proxyprotocol;

import org.jspecify.annotations.NullMarked;
