/** What a RADIUS request says of its user. */
@NullMarked
package io.steelyard.codec.radius;

import org.jspecify.annotations.NullMarked;
