/**
 * TLS: certificates from files, the one for each name, tickets, and the engines of BoringSSL
 * (netty-tcnative) or, where that is missing, of the JDK.
 */
@NullMarked
package io.steelyard.net.tls;

import org.jspecify.annotations.NullMarked;
