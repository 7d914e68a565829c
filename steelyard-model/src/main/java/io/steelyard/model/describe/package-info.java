/** The configuration described for editors and people: JSON Schema and reference documentation. */
@NullMarked
package io.steelyard.model.describe;

import org.jspecify.annotations.NullMarked;
