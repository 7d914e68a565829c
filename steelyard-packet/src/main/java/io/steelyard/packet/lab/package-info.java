/**
 * A small network in network namespaces: a client, a director, a router and endpoints, for people
 * who want to see the modes at work and for end-to-end tests. Needs root, iproute2 and ethtool.
 */
@NullMarked
package io.steelyard.packet.lab;

import org.jspecify.annotations.NullMarked;
