/** Real clients, a real kernel and real servers in network namespaces. Needs root. */
@NullMarked
package io.steelyard.packet.e2e;

import org.jspecify.annotations.NullMarked;
