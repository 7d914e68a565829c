@NullMarked
package io.steelyard.packet.linux;

import org.jspecify.annotations.NullMarked;
