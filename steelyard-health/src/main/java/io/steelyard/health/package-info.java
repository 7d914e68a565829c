/** Is it well? When probes run, and what becomes of their results. */
@NullMarked
package io.steelyard.health;

import org.jspecify.annotations.NullMarked;
