package io.steelyard.net.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.jspecify.annotations.Nullable;

/** The names that a certificate is for (RFC 9525), in lower case; wildcards as {@code *.name}. */
public final class CertificateNames {
  private static final Integer DNS_NAME = 2;

  private CertificateNames() {}

  /** Those among its alternative names, or its common name when it has none of these. */
  static List<String> of(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> name : alternatives) {
          if (DNS_NAME.equals(name.get(0))) {
            names.add(name.get(1).toString().toLowerCase(Locale.ROOT));
          }
        }
      }
    } catch (CertificateParsingException e) {
      return names; // it serves as the default one at most
    }
    String common = names.isEmpty() ? commonName(certificate) : null;
    return common == null ? names : List.of(common.toLowerCase(Locale.ROOT));
  }

  /** The common name of its subject; null when it has none. */
  public static @Nullable String commonName(X509Certificate certificate) {
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          return part.getValue().toString();
        }
      }
    } catch (InvalidNameException e) {
      return null;
    }
    return null;
  }
}
