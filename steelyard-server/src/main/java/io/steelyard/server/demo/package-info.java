/** What {@code steelyard demo} brings along so that there is something to balance. */
@NullMarked
package io.steelyard.server.demo;

import org.jspecify.annotations.NullMarked;
