/**
 * A proxy in this process, with raw sockets at both ends of it: tests have every byte and its
 * moment in their hands.
 */
@NullMarked
package io.steelyard.proxy.kit;

import org.jspecify.annotations.NullMarked;
