package io.steelyard.net.tls;

import io.steelyard.model.CertificateSpec;
import java.lang.ref.SoftReference;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One configured certificate: what is known of it without holding it. The certificate and its key
 * are read again when the first client wants them, so that many cost little.
 *
 * <p>Thread-safe.
 */
final class CertificateEntry {
  private final CertificateSpec spec;
  private final String alias;
  private final CertificateFacts facts;
  private volatile @Nullable SoftReference<KeyedChain> held;
  private volatile @Nullable OcspResponse staple;

  /**
   * Of files that have been read.
   *
   * @param alias never used before
   */
  CertificateEntry(CertificateSpec spec, String alias, CertificateFacts facts) {
    this.spec = spec;
    this.alias = alias;
    this.facts = facts;
  }

  CertificateSpec spec() {
    return spec;
  }

  /** What engines know it by. Another after every change of its files. */
  String alias() {
    return alias;
  }

  List<String> names() {
    return facts.names();
  }

  boolean isElliptic() {
    return facts.elliptic();
  }

  Instant notAfter() {
    return facts.notAfter();
  }

  /** Whether the files are others than those that were read. */
  boolean isStale() {
    return facts.stamp() != FileStamp.of(spec);
  }

  /** The certificate and its key. Reads files when they are not at hand. */
  KeyedChain chain() throws TlsException {
    SoftReference<KeyedChain> reference = held;
    KeyedChain chain = reference == null ? null : reference.get();
    if (chain == null) {
      chain = KeyedChain.read(spec);
      held = new SoftReference<>(chain);
    }
    return chain;
  }

  /** What clients that ask for it get with the certificate. */
  void staple(OcspResponse response) {
    staple = response;
  }

  /** What its issuer says of it, as long as that is current; null when nothing is known. */
  @Nullable OcspResponse staple() {
    OcspResponse response = staple;
    return response == null || !response.isCurrent(Instant.now()) ? null : response;
  }
}
