/**
 * Hash functions by name, each giving the values of its published form or of the program that it is
 * taken for, without allocation. {@link io.steelyard.balance.hash.HashFunction} lists them.
 */
@NullMarked
package io.steelyard.balance.hash;

import org.jspecify.annotations.NullMarked;
