package io.steelyard.net.tls;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What is known of a certificate in use.
 *
 * @param file where it was read from
 * @param name the first that it is for; empty when there is none
 * @param notAfter when it expires
 */
public record CertificateReport(String file, String name, Instant notAfter) {
  public CertificateReport {
    requireNonNull(file, "file");
    requireNonNull(name, "name");
    requireNonNull(notAfter, "notAfter");
  }
}
