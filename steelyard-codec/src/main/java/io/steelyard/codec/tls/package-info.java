/** What a TLS client says before anything is encrypted. Nothing is decrypted here. */
@NullMarked
package io.steelyard.codec.tls;

import org.jspecify.annotations.NullMarked;
