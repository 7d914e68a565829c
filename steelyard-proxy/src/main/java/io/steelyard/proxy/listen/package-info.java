/**
 * What the listeners of every protocol have in common: how they begin and end, how many connections
 * they take, what an event loop lends them.
 */
@NullMarked
package io.steelyard.proxy.listen;

import org.jspecify.annotations.NullMarked;
