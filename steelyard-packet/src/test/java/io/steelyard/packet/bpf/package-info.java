@NullMarked
package io.steelyard.packet.bpf;

import org.jspecify.annotations.NullMarked;
