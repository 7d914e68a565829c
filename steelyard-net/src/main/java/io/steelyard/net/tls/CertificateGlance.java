package io.steelyard.net.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
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
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int VERSION = 0xa0;
  private static final int EXTENSIONS = 0xa3;
  private static final int FIFTIES = 50;

  private final byte[] der;

  private CertificateGlance(byte[] der) {
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
      return new CertificateGlance(Base64.getMimeDecoder().decode(text)).facts(stamp);
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
    int at = content(content(0)); // the certificate, what of it is signed
    if (tag(at) == VERSION) {
      at = after(at);
    }
    at = after(after(after(at))); // serial number, algorithm, issuer
    Instant notAfter = time(after(content(at)));
    at = after(after(at)); // validity, subject
    int algorithm = content(content(at));
    boolean elliptic = is(ELLIPTIC, algorithm);
    List<String> names = names(after(at));
    return names.isEmpty() || notAfter == null || !(elliptic || is(RSA, algorithm))
        ? null
        : new CertificateFacts(names, elliptic, notAfter, stamp);
  }

  private List<String> names(int from) {
    List<String> names = new ArrayList<>(2);
    for (int at = from; at < after(content(0)); at = after(at)) {
      if (tag(at) == EXTENSIONS) {
        int list = content(at);
        for (int item = content(list); item < after(list); item = after(item)) {
          addNames(content(item), names);
        }
      }
    }
    return names;
  }

  private void addNames(int extension, List<String> names) {
    if (!is(ALTERNATIVE_NAMES, extension)) {
      return;
    }
    int value = after(extension);
    int list = content(tag(value) == BOOLEAN ? after(value) : value);
    for (int at = content(list); at < after(list); at = after(at)) {
      if (tag(at) == DNS_NAME) {
        String name = new String(der, content(at), after(at) - content(at), ISO_8859_1);
        names.add(name.toLowerCase(Locale.ROOT));
      }
    }
  }

  /** RFC 5280 section 4.1.2.5: to the second, in UTC. */
  private @Nullable Instant time(int at) {
    boolean isShort = tag(at) == UTC_TIME && after(at) - content(at) == 13;
    boolean isLong = tag(at) == GENERALIZED_TIME && after(at) - content(at) == 15;
    if (!isShort && !isLong) {
      return null;
    }
    int year = isLong ? number(content(at)) * 100 + number(content(at) + 2) : number(content(at));
    int rest = content(at) + (isLong ? 4 : 2);
    return LocalDateTime.of(
            isLong ? year : year + (year < FIFTIES ? 2000 : 1900),
            number(rest),
            number(rest + 2),
            number(rest + 4),
            number(rest + 6),
            number(rest + 8))
        .toInstant(ZoneOffset.UTC);
  }

  private int number(int at) {
    return (der[at] - '0') * 10 + der[at + 1] - '0';
  }

  private boolean is(byte[] expected, int at) {
    return Arrays.equals(der, at, after(at), expected, 0, expected.length);
  }

  private int tag(int at) {
    return der[at] & 0xff;
  }

  private int content(int at) {
    int first = der[at + 1] & 0xff;
    return at + (first < 0x80 ? 2 : 2 + (first & 0x7f));
  }

  private int after(int at) {
    int length = der[at + 1] & 0xff;
    if (length >= 0x80) {
      int end = content(at);
      length = 0;
      for (int i = at + 2; i < end; i++) {
        length = (length << 8) | (der[i] & 0xff);
      }
    }
    int after = content(at) + length;
    if (length < 0 || after > der.length || after <= at) {
      throw new IndexOutOfBoundsException(after);
    }
    return after;
  }
}
