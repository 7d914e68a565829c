/** What a client of the Remote Desktop Protocol says first. */
@NullMarked
package io.steelyard.codec.rdp;

import org.jspecify.annotations.NullMarked;
