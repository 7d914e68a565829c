package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A certificate with its chain and its private key, in files. */
@Doc(
    "A certificate with its chain and its private key. The names that it is for are those in the certificate.")
public record CertificateSpec(
    @Doc(
            "A file with the certificate, and after it those that lead to an authority, in PEM; or all of it, the key too,"
                + " as PKCS#12.")
        @NotEmpty
        String certificate,
    @Doc(
            "A file with the private key (RSA or elliptic curve) in PEM, not encrypted. Absent: the key is in the file of"
                + " the certificate.")
        @NotEmpty
        @Nullable String key,
    @Doc(
            "A file whose first line is the password of the PKCS#12 file. Absent: the password is empty.")
        @NotEmpty
        @Nullable String passwordFile,
    @Doc(
            "A file with what the issuer says of the certificate (an OCSP response in DER, as of `openssl ocsp -respout`), which"
                + " is stapled to it. Who writes the file keeps it new.")
        @NotEmpty
        @Nullable String ocsp) {
  public CertificateSpec {
    requireNonNull(certificate, "certificate");
  }

  /** One that nothing is stapled to from a file. */
  public CertificateSpec(String certificate, @Nullable String key, @Nullable String passwordFile) {
    this(certificate, key, passwordFile, null);
  }
}
