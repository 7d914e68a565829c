/** How does a request get across? HTTP services. */
@NullMarked
package io.steelyard.proxy;

import org.jspecify.annotations.NullMarked;
