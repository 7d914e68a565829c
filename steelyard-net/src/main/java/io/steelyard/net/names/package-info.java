/** What names lead to: the DNS, without blocking anybody. */
@NullMarked
package io.steelyard.net.names;

import org.jspecify.annotations.NullMarked;
