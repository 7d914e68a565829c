package io.steelyard.net.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Asks an issuer about one of its certificates (RFC 6960 section 4.1). */
final class OcspRequest {
  private static final String ACCESS = "1.3.6.1.5.5.7.1.1"; // RFC 5280 section 4.2.2.1
  private static final byte[] OCSP = HexFormat.of().parseHex("06082b06010505073001");
  private static final byte[] SHA_1 = HexFormat.of().parseHex("300906052b0e03021a0500");
  private static final int URI_NAME = 0x86;
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int SEQUENCE = 0x30;

  private OcspRequest() {}

  /** Whom the certificate names to be asked about it by HTTP; null: nobody. */
  static @Nullable URI responder(X509Certificate certificate) {
    byte[] extension = certificate.getExtensionValue(ACCESS);
    if (extension == null) {
      return null;
    }
    try {
      Der der = new Der(extension);
      int list = der.content(0);
      for (int at = der.content(list); at < der.after(list); at = der.after(at)) {
        int name = der.after(der.content(at));
        if (der.is(OCSP, der.content(at)) && der.tag(name) == URI_NAME) {
          URI uri = URI.create(new String(der.slice(name), US_ASCII));
          return "http".equals(uri.getScheme()) ? uri : null;
        }
      }
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return null; // as good as none
    }
    return null;
  }

  /** The request, without a nonce, so that responders can answer it from what they have. */
  static byte[] of(X509Certificate certificate, X509Certificate issuer) {
    byte[] id =
        element(
            SEQUENCE,
            SHA_1,
            element(OCTETS, sha1(certificate.getIssuerX500Principal().getEncoded())),
            element(OCTETS, sha1(publicKey(issuer))),
            element(INTEGER, certificate.getSerialNumber().toByteArray()));
    byte[] list = element(SEQUENCE, element(SEQUENCE, id));
    return element(SEQUENCE, element(SEQUENCE, list));
  }

  /** The key without what says of which kind it is. */
  private static byte[] publicKey(X509Certificate issuer) {
    Der info = new Der(issuer.getPublicKey().getEncoded());
    byte[] bits = info.slice(info.after(info.content(0)));
    return java.util.Arrays.copyOfRange(bits, 1, bits.length); // how many bits are unused: none
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every platform has it
    }
  }

  private static byte[] element(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(tag);
    if (content.size() >= 0x80) {
      all.write(0x81); // no request has more than 255 bytes
    }
    all.write(content.size());
    all.writeBytes(content.toByteArray());
    return all.toByteArray();
  }
}
