package io.steelyard.net.tls;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate is for which name: an exact name before a wildcard, which stands for one label
 * (RFC 9525 section 6.3), before the default. Immutable.
 */
final class CertificateTable {
  private final List<CertificateEntry> entries;
  private final Map<String, Choice> exact = new HashMap<>();
  private final Map<String, Choice> wildcards = new HashMap<>();
  private final Map<String, CertificateEntry> byAlias = new HashMap<>();
  private final Choice fallback;

  /** The certificates of one name. */
  record Choice(@Nullable CertificateEntry elliptic, @Nullable CertificateEntry rsa) {
    /** The first of its kind stays. */
    Choice with(CertificateEntry entry) {
      return entry.isElliptic()
          ? new Choice(elliptic == null ? entry : elliptic, rsa)
          : new Choice(elliptic, rsa == null ? entry : rsa);
    }
  }

  CertificateTable(List<CertificateEntry> entries) {
    this.entries = List.copyOf(entries);
    for (CertificateEntry entry : entries) {
      byAlias.put(entry.alias(), entry);
      entry.names().forEach(name -> add(name, entry));
    }
    CertificateEntry first = entries.getFirst();
    Choice named = first.names().isEmpty() ? null : find(first.names().getFirst());
    this.fallback = (named == null ? new Choice(null, null) : named).with(first);
  }

  private void add(String name, CertificateEntry entry) {
    boolean wild = name.startsWith("*.");
    (wild ? wildcards : exact)
        .compute(
            wild ? name.substring(1) : name,
            (_, choice) -> (choice == null ? new Choice(null, null) : choice).with(entry));
  }

  List<CertificateEntry> entries() {
    return entries;
  }

  @Nullable CertificateEntry byAlias(String alias) {
    return byAlias.get(alias);
  }

  /** The certificates for a name; null when none is for it. */
  @Nullable Choice find(String name) {
    String folded = name.toLowerCase(Locale.ROOT);
    if (folded.startsWith("*.")) {
      return wildcards.get(folded.substring(1));
    }
    Choice found = exact.get(folded);
    int dot = folded.indexOf('.');
    return found == null && dot > 0 ? wildcards.get(folded.substring(dot)) : found;
  }

  /** The certificates for clients that name nothing. */
  Choice fallback() {
    return fallback;
  }
}
