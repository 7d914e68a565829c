package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.steelyard.codec.http1.RequestHead;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import javax.security.auth.x500.X500Principal;

/** The fields that tell endpoints about a client's certificate. */
final class CertificateFields {
  private static final byte[] STANDARD = "client-cert".getBytes(US_ASCII);
  private static final byte[] OURS = "x-client-cert-".getBytes(US_ASCII);

  private CertificateFields() {}

  /** The lines; made once for each connection. */
  static byte[] lines(X509Certificate certificate) {
    try {
      byte[] encoded = certificate.getEncoded();
      String text =
          "Client-Cert: :" // a byte sequence, RFC 9440 section 2.1
              + Base64.getEncoder().encodeToString(encoded)
              + ":\r\nX-Client-Cert-Subject: "
              + name(certificate.getSubjectX500Principal())
              + "\r\nX-Client-Cert-Issuer: "
              + name(certificate.getIssuerX500Principal())
              + "\r\nX-Client-Cert-Serial: "
              + certificate.getSerialNumber().toString(16)
              + "\r\nX-Client-Cert-Fingerprint: "
              + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded))
              + "\r\nX-Client-Cert-Not-After: "
              + certificate.getNotAfter().toInstant()
              + "\r\n";
      return text.getBytes(US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was verified cannot be written", e);
    }
  }

  /**
   * RFC 2253; what is not printable ASCII becomes a question mark, so that it cannot end a line.
   */
  private static String name(X500Principal principal) {
    StringBuilder text = new StringBuilder(principal.getName());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        text.setCharAt(i, '?');
      }
    }
    return text.toString();
  }

  /** Is the field one of these, or one that an endpoint could take for it? */
  static boolean isOne(RequestHead head, int field, ByteBuf buf, int start) {
    int from = start + head.nameStart(field);
    int length = head.nameEnd(field) - head.nameStart(field);
    return startsWith(STANDARD, buf, from, length) || startsWith(OURS, buf, from, length);
  }

  private static boolean startsWith(byte[] prefix, ByteBuf buf, int from, int length) {
    if (length < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      int b = buf.getByte(from + i);
      int folded = b >= 'A' && b <= 'Z' ? b | 0x20 : b == '_' ? '-' : b;
      if (folded != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
