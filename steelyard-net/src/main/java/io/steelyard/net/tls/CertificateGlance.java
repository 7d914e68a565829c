package io.steelyard.net.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds the few facts about a certificate (RFC 5280 section 4.1) that have to be known, without
 * taking it apart: of thousands, most are never asked for. For those whose form the engine has
 * proven ({@link EngineProof}); what is unusual in another way is left to who knows it all.
 */
final class CertificateGlance {
  private static final byte[] BEGIN = "-----BEGIN CERTIFICATE-----".getBytes(ISO_8859_1);
  private static final byte[] END = "-----END CERTIFICATE-----".getBytes(ISO_8859_1);
  private static final byte[] ALTERNATIVE_NAMES = HexFormat.of().parseHex("0603551d11");
  private static final byte[] ELLIPTIC = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d010101");
  private static final int BOOLEAN = 0x01;
  private static final int DNS_NAME = 0x82;
  private static final int VERSION = 0xa0;
  private static final int EXTENSIONS = 0xa3;

  private final Der der;

  private CertificateGlance(Der der) {
    this.der = der;
  }

  /**
   * The facts about the first certificate.
   *
   * @return null when it has no DNS names besides its subject, or anything else is unusual
   */
  static @Nullable CertificateFacts of(byte[] pem, long stamp) {
    int begin = indexOf(pem, BEGIN, 0);
    int end = indexOf(pem, END, Math.max(0, begin));
    if (begin < 0 || end < 0) {
      return null;
    }
    try {
      byte[] text = Arrays.copyOfRange(pem, begin + BEGIN.length, end);
      return new CertificateGlance(new Der(Base64.getMimeDecoder().decode(text))).facts(stamp);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | DateTimeException e) {
      return null;
    }
  }

  private static int indexOf(byte[] bytes, byte[] part, int from) {
    for (int at = from; at + part.length <= bytes.length; at++) {
      if (bytes[at] == part[0]
          && Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    return -1;
  }

  private @Nullable CertificateFacts facts(long stamp) {
    int at = der.content(der.content(0)); // the certificate, what of it is signed
    if (der.tag(at) == VERSION) {
      at = der.after(at);
    }
    at = der.after(der.after(der.after(at))); // serial number, algorithm, issuer
    Instant notAfter = der.time(der.after(der.content(at)));
    at = der.after(der.after(at)); // validity, subject
    int algorithm = der.content(der.content(at));
    boolean elliptic = der.is(ELLIPTIC, algorithm);
    List<String> names = names(der.after(at));
    return names.isEmpty() || notAfter == null || !(elliptic || der.is(RSA, algorithm))
        ? null
        : new CertificateFacts(names, elliptic, notAfter, stamp);
  }

  private List<String> names(int from) {
    List<String> names = new ArrayList<>(2);
    for (int at = from; at < der.after(der.content(0)); at = der.after(at)) {
      if (der.tag(at) == EXTENSIONS) {
        int list = der.content(at);
        for (int item = der.content(list); item < der.after(list); item = der.after(item)) {
          addNames(der.content(item), names);
        }
      }
    }
    return names;
  }

  private void addNames(int extension, List<String> names) {
    if (!der.is(ALTERNATIVE_NAMES, extension)) {
      return;
    }
    int value = der.after(extension);
    int list = der.content(der.tag(value) == BOOLEAN ? der.after(value) : value);
    for (int at = der.content(list); at < der.after(list); at = der.after(at)) {
      if (der.tag(at) == DNS_NAME) {
        String name = new String(der.slice(at), ISO_8859_1);
        names.add(name.toLowerCase(Locale.ROOT));
      }
    }
  }
}
