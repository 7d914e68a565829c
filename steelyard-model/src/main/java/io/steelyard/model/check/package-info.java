/** Does a configuration make sense? Checks on the records alone. */
@NullMarked
package io.steelyard.model.check;

import org.jspecify.annotations.NullMarked;
