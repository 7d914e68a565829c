package io.steelyard.net.tls;

import java.time.Instant;
import java.util.List;

/**
 * What has to be known of a certificate without holding it.
 *
 * @param names that it is for
 * @param elliptic whether its key is one of an elliptic curve; else it is RSA
 * @param notAfter when it expires
 * @param stamp of its files, from before they were read: what changed meanwhile is seen by the next
 *     look
 */
record CertificateFacts(List<String> names, boolean elliptic, Instant notAfter, long stamp) {
  CertificateFacts {
    names = List.copyOf(names);
  }
}
