/** Commands that talk to a running process through its admin port. */
@NullMarked
package io.steelyard.server.remote;

import org.jspecify.annotations.NullMarked;
