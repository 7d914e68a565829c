/** What holds for the code as a whole. */
@NullMarked
package io.steelyard.architecture;

import org.jspecify.annotations.NullMarked;
