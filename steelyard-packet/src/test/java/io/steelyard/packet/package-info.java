@NullMarked
package io.steelyard.packet;

import org.jspecify.annotations.NullMarked;
