@NullMarked
package io.steelyard.proxy.tcp;

import org.jspecify.annotations.NullMarked;
