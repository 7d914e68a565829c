/** Which route a request takes, compiled at load. */
@NullMarked
package io.steelyard.proxy.route;

import org.jspecify.annotations.NullMarked;
