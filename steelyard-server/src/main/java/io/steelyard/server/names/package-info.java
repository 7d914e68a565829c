/** Which endpoints names lead to, now. */
@NullMarked
package io.steelyard.server.names;

import org.jspecify.annotations.NullMarked;
