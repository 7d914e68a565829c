/** Probes against servers of the test's own and real ones. */
@NullMarked
package io.steelyard.health.probe;

import org.jspecify.annotations.NullMarked;
