/** From a file to records: YAML with positions, bound to the records of the model. */
@NullMarked
package io.steelyard.model.read;

import org.jspecify.annotations.NullMarked;
