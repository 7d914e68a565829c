/** What did the user ask for? The configuration as records. */
@NullMarked
package io.steelyard.model;

import org.jspecify.annotations.NullMarked;
