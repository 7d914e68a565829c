package io.steelyard.net.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a certificate's issuer says of it (RFC 6960 section 4.2): that it is not revoked, for as
 * long as the response is current. Immutable.
 *
 * @param bytes the response in DER, as it is stapled
 * @param thisUpdate from when on it is true
 * @param nextUpdate until when; null: it is not said
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OcspResponse(byte[] bytes, Instant thisUpdate, @Nullable Instant nextUpdate) {
  private static final byte[] BASIC = HexFormat.of().parseHex("06092b0601050507300101");
  private static final byte[] SUCCESSFUL = {0x0a, 1, 0};
  private static final int EXPLICIT_0 = 0xa0;
  private static final int GOOD = 0x80;
  private static final int REVOKED = 0xa1;
  private static final List<String> FAILURES =
      List.of(
          "successful",
          "malformedRequest",
          "internalError",
          "tryLater",
          "4",
          "sigRequired",
          "unauthorized");

  /** Something that is no response, or not a good one. The message says what was found. */
  static final class UnusableException extends Exception {
    UnusableException(String message) {
      super(message);
    }

    UnusableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** What a response says, be it true or not. */
  static OcspResponse of(byte[] bytes) throws UnusableException {
    try {
      return parse(new Der(bytes));
    } catch (IndexOutOfBoundsException | DateTimeException e) {
      throw new UnusableException("is not an OCSP response in DER", e);
    }
  }

  private static OcspResponse parse(Der der) throws UnusableException {
    int status = der.content(0);
    if (!der.is(SUCCESSFUL, status)) {
      throw new UnusableException("is the OCSP failure " + failure(der, status));
    }
    int basic = der.content(der.content(der.after(status))); // [0], the sequence
    if (!der.is(BASIC, basic)) {
      throw new UnusableException("is an OCSP response of an unknown kind, expected a basic one");
    }
    int data = der.content(der.content(der.content(der.after(basic)))); // of what is signed
    int at = der.tag(data) == EXPLICIT_0 ? der.after(data) : data; // the version
    int responses = der.after(der.after(at)); // the responder, when it was produced
    return single(der, der.content(responses));
  }

  /** The first that it tells of: one was asked for. */
  private static OcspResponse single(Der der, int single) throws UnusableException {
    int status = der.after(der.content(single));
    switch (der.tag(status)) {
      case GOOD -> {}
      case REVOKED -> throw new UnusableException("says that the certificate is revoked");
      default -> throw new UnusableException("says that the certificate is not known");
    }
    int update = der.after(status);
    int next = der.after(update);
    boolean limited = next < der.after(single) && der.tag(next) == EXPLICIT_0;
    Instant from = der.time(update);
    if (from == null) {
      throw new UnusableException("is not an OCSP response in DER");
    }
    return new OcspResponse(der.bytes(), from, limited ? der.time(der.content(next)) : null);
  }

  private static String failure(Der der, int status) {
    int code = der.bytes()[der.content(status)];
    return code > 0 && code < FAILURES.size() ? FAILURES.get(code) : Integer.toString(code);
  }

  /** Whether clients would believe it now. */
  boolean isCurrent(Instant now) {
    return nextUpdate == null || nextUpdate.isAfter(now);
  }

  /**
   * Requires that the issuer, or who may speak for it, has signed this about the certificate, and
   * that it is current.
   */
  void requireFor(X509Certificate certificate, X509Certificate issuer) throws UnusableException {
    try {
      CertPathValidator validator = CertPathValidator.getInstance("PKIX");
      PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
      checker.setOptions(EnumSet.of(Option.ONLY_END_ENTITY, Option.NO_FALLBACK));
      checker.setOcspResponses(Map.of(certificate, bytes));
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(issuer, null)));
      parameters.addCertPathChecker(checker);
      CertPath path =
          CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate));
      validator.validate(path, parameters);
    } catch (GeneralSecurityException | RuntimeException e) { // the JDK's for what it cannot read
      throw new UnusableException(
          "is not a valid OCSP response about the certificate: " + e.getMessage(), e);
    }
  }
}
