/** One small class for each kind of probe. They block; virtual threads run them. */
@NullMarked
package io.steelyard.health.probe;

import org.jspecify.annotations.NullMarked;
