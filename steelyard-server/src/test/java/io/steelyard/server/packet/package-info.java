@NullMarked
package io.steelyard.server.packet;

import org.jspecify.annotations.NullMarked;
