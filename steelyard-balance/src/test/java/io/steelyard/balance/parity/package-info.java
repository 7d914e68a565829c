/** Keys placed by the programs that we claim to agree with, and by us. */
package io.steelyard.balance.parity;
