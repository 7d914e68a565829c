/** Text for terminals. */
@NullMarked
package io.steelyard.server.text;

import org.jspecify.annotations.NullMarked;
