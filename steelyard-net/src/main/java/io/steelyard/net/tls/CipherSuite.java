package io.steelyard.net.tls;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cipher suites of TLS 1.2 that there are, under both their names. */
enum CipherSuite {
  ECDHE_ECDSA_AES128_GCM(
      "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"),
  ECDHE_RSA_AES128_GCM("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"),
  ECDHE_ECDSA_AES256_GCM(
      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"),
  ECDHE_RSA_AES256_GCM("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"),
  ECDHE_ECDSA_CHACHA20(
      "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"),
  ECDHE_RSA_CHACHA20("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"),
  ECDHE_ECDSA_AES128_CBC("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA"),
  ECDHE_RSA_AES128_CBC("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"),
  ECDHE_ECDSA_AES256_CBC("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA"),
  ECDHE_RSA_AES256_CBC("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"),
  RSA_AES128_GCM("TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256"),
  RSA_AES256_GCM("TLS_RSA_WITH_AES_256_GCM_SHA384", "AES256-GCM-SHA384"),
  RSA_AES128_CBC("TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA"),
  RSA_AES256_CBC("TLS_RSA_WITH_AES_256_CBC_SHA", "AES256-SHA");

  /** Mozilla's "intermediate" suites, and those alone. */
  static final List<CipherSuite> INTERMEDIATE =
      List.of(
          ECDHE_ECDSA_AES128_GCM,
          ECDHE_RSA_AES128_GCM,
          ECDHE_ECDSA_AES256_GCM,
          ECDHE_RSA_AES256_GCM,
          ECDHE_ECDSA_CHACHA20,
          ECDHE_RSA_CHACHA20);

  /** Those of TLS 1.3, which are not chosen. */
  static final List<String> TLS_1_3 =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  private final String iana;
  private final String openssl;

  CipherSuite(String iana, String openssl) {
    this.iana = iana;
    this.openssl = openssl;
  }

  /** The name in IANA's registry, which Java uses too. */
  String iana() {
    return iana;
  }

  /** The suite with that name, OpenSSL's or IANA's; null when there is none. */
  static @Nullable CipherSuite named(String name) {
    return Arrays.stream(values())
        .filter(suite -> suite.iana.equals(name) || suite.openssl.equals(name))
        .findFirst()
        .orElse(null);
  }

  /** All names that {@link #named} knows. */
  static List<String> names() {
    return Arrays.stream(values()).flatMap(s -> Stream.of(s.openssl, s.iana)).toList();
  }
}
