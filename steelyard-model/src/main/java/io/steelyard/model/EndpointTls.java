package io.steelyard.model;

import org.jspecify.annotations.Nullable;

/** How a pool's endpoints are spoken to in TLS. */
@Doc(
    "How the endpoints are spoken to in TLS. `tls: {}` checks their certificates against the authorities that Java trusts.")
public record EndpointTls(
    @Doc("Whether the certificate must be trusted and for the server's name.") @Default("true")
        boolean verify,
    @Doc("A file with the certificates of the trusted authorities, in PEM. Absent: those of Java.")
        @NotEmpty
        @Nullable String authorities,
    @Doc(
            "The name that is sent to the endpoint (SNI) and that its certificate must be for. Absent: the endpoint's host.")
        @NotEmpty
        @Nullable String serverName,
    @Doc("The certificate to show to endpoints that ask for one. Absent: none.")
        @Nullable CertificateSpec certificate) {
  /** The section with every key at its default. */
  public static EndpointTls defaults() {
    return Shape.of(EndpointTls.class).defaults();
  }
}
