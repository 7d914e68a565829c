package io.steelyard.model;

import org.jspecify.annotations.Nullable;

/** How a probe encrypts. */
@Doc(
    "How a probe encrypts. `tls: {}` checks the certificate against the authorities that Java trusts.")
public record ProbeTls(
    @Doc(
            "The name that is sent to the endpoint (SNI) and that its certificate must be for. Absent: the endpoint's host.")
        @NotEmpty
        @Nullable String serverName,
    @Doc("Whether the certificate must be trusted and for this name.") @Default("true")
        boolean verify,
    @Doc("A file with the certificates of the trusted authorities, in PEM. Absent: those of Java.")
        @NotEmpty
        @Nullable String authorities) {}
