/** How does it start, change and show itself? Command line, admin API, metrics export. */
@NullMarked
package io.steelyard.server;

import org.jspecify.annotations.NullMarked;
