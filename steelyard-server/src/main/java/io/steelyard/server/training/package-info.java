/** The training run that is recorded when the distribution is built. */
@NullMarked
package io.steelyard.server.training;

import org.jspecify.annotations.NullMarked;
