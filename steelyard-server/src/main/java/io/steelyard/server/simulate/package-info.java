/** What became of a simulation: as a table, as JSON, as a page. */
@NullMarked
package io.steelyard.server.simulate;

import org.jspecify.annotations.NullMarked;
