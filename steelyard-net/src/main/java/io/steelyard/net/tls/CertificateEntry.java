package io.steelyard.net.tls;

import io.steelyard.model.CertificateSpec;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
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
  private final List<String> names;
  private final boolean elliptic;
  private final Instant notAfter;
  private final String stamp;
  private volatile @Nullable SoftReference<KeyedChain> held;

  private CertificateEntry(CertificateSpec spec, String alias, KeyedChain loaded, String stamp) {
    this.spec = spec;
    this.alias = alias;
    this.names = CertificateNames.of(loaded.leaf());
    this.elliptic = loaded.isElliptic();
    this.notAfter = loaded.leaf().getNotAfter().toInstant();
    this.stamp = stamp;
  }

  /**
   * Reads the files once.
   *
   * @param alias never used before
   */
  static CertificateEntry read(CertificateSpec spec, String alias) throws TlsException {
    String stamp = stamp(spec); // before: what changes meanwhile is seen the next time
    return new CertificateEntry(spec, alias, KeyedChain.load(spec), stamp);
  }

  CertificateSpec spec() {
    return spec;
  }

  /** What engines know it by. Another after every change of its files. */
  String alias() {
    return alias;
  }

  List<String> names() {
    return names;
  }

  boolean isElliptic() {
    return elliptic;
  }

  Instant notAfter() {
    return notAfter;
  }

  /** Whether the files are others than those that were read. */
  boolean isStale() {
    return !stamp.equals(stamp(spec));
  }

  /** The certificate and its key. Reads files when they are not at hand. */
  KeyedChain chain() throws TlsException {
    SoftReference<KeyedChain> reference = held;
    KeyedChain chain = reference == null ? null : reference.get();
    if (chain == null) {
      chain = KeyedChain.load(spec);
      held = new SoftReference<>(chain);
    }
    return chain;
  }

  /** Differs when a file was written, replaced, or a link to it leads elsewhere. */
  private static String stamp(CertificateSpec spec) {
    StringBuilder text = new StringBuilder();
    Stream.of(spec.certificate(), spec.key(), spec.passwordFile())
        .filter(file -> file != null)
        .forEach(file -> text.append(FileStamp.of(Path.of(file))).append(' '));
    return text.toString();
  }
}
