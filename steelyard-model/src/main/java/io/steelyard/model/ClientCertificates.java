package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Which certificates clients must have (mutual TLS). */
@Doc("Certificates of clients (mutual TLS).")
public record ClientCertificates(
    @Doc("A file with the certificates of the authorities that vouch for clients, in PEM.")
        @NotEmpty
        String authorities,
    @Doc(
            "`required`: a client without a trusted certificate is refused. `optional`: it may have none, but not one that is not"
                + " trusted.")
        @Default("required")
        Mode mode,
    @Doc(
            "A file with the lists of revoked certificates (CRL) of these authorities, in PEM or DER. Absent: none is revoked.")
        @NotEmpty
        @Nullable String revoked,
    @Doc(
            "Whether endpoints are told about the certificate: `Client-Cert` (RFC 9440) and `X-Client-Cert-Subject`,"
                + " `-Issuer`, `-Serial`, `-Fingerprint` (SHA-256) and `-Not-After`. What clients send under these names"
                + " never passes.")
        @Default("false")
        boolean forward) {
  /** Whether a client must have a certificate. */
  public enum Mode {
    /** It must. */
    REQUIRED,
    /** It may. */
    OPTIONAL
  }

  public ClientCertificates {
    requireNonNull(authorities, "authorities");
    requireNonNull(mode, "mode");
  }
}
