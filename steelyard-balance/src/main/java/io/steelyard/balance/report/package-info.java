/** The forms in which endpoints report their load, as text; how it arrives is somebody else's. */
@NullMarked
package io.steelyard.balance.report;

import org.jspecify.annotations.NullMarked;
