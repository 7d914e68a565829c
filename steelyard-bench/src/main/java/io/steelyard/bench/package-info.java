/** Is it fast, and against whom? JMH, side-by-side runs against peers. */
@NullMarked
package io.steelyard.bench;

import org.jspecify.annotations.NullMarked;
