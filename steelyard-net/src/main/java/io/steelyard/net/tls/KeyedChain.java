package io.steelyard.net.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.steelyard.model.CertificateSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate, those that lead from it to an authority, and its private key, as they were read
 * from files.
 */
record KeyedChain(List<X509Certificate> chain, PrivateKey key) {
  KeyedChain {
    chain = List.copyOf(chain);
  }

  X509Certificate leaf() {
    return chain.getFirst();
  }

  /** Who has signed the certificate; null when the files do not tell. */
  @Nullable X509Certificate issuer() {
    return chain.size() > 1 ? chain.get(1) : null;
  }

  /** Whether the key is one of an elliptic curve; else it is RSA. */
  boolean isElliptic() {
    return key.getAlgorithm().equals("EC");
  }

  /** Reads the files and sees that what is in them fits together. Expired or not is not asked. */
  static KeyedChain load(CertificateSpec spec) throws TlsException {
    KeyedChain loaded = read(spec);
    loaded.requirePair(spec);
    return loaded;
  }

  /** Reads files that were good before: whether they fit together the engine will see. */
  static KeyedChain read(CertificateSpec spec) throws TlsException {
    return from(spec, TextFiles.read("certificate", spec.certificate()), keyFile(spec));
  }

  /** The same as {@link #load}, quicker where it can be, and holds nothing. */
  static CertificateFacts facts(CertificateSpec spec, EngineProof proof) throws TlsException {
    long stamp = FileStamp.of(spec);
    byte[] file = TextFiles.read("certificate", spec.certificate());
    byte[] key = keyFile(spec);
    boolean proven = proof.holds(file, key == null ? file : key);
    CertificateFacts glance = proven ? CertificateGlance.of(file, stamp) : null;
    if (glance != null) {
      return glance;
    }
    KeyedChain loaded = from(spec, file, key);
    if (!proven) {
      loaded.requirePair(spec);
    }
    return new CertificateFacts(
        CertificateNames.of(loaded.leaf()),
        loaded.isElliptic(),
        loaded.leaf().getNotAfter().toInstant(),
        stamp);
  }

  private static byte @Nullable [] keyFile(CertificateSpec spec) throws TlsException {
    return spec.key() == null ? null : TextFiles.read("key", spec.key());
  }

  private static KeyedChain from(CertificateSpec spec, byte[] file, byte @Nullable [] key)
      throws TlsException {
    return Pem.isPem(file) || file.length == 0 ? fromPem(spec, file, key) : fromPkcs12(spec, file);
  }

  private void requirePair(CertificateSpec spec) throws TlsException {
    if (!PrivateKeys.belongTogether(key, leaf().getPublicKey())) {
      throw new TlsException(
          spec.key() == null ? "certificate" : "key",
          (spec.key() == null ? spec.certificate() : spec.key())
              + " has a private key that does not belong to the certificate in "
              + spec.certificate()
              + ", expected the one that it was made with");
    }
  }

  private static KeyedChain fromPem(CertificateSpec spec, byte[] file, byte @Nullable [] keyBytes)
      throws TlsException {
    List<X509Certificate> chain = Pem.certificates("certificate", spec.certificate(), file);
    String keyFile = spec.key();
    PrivateKey key =
        keyFile == null || keyBytes == null
            ? PrivateKeys.read("certificate", spec.certificate(), file)
            : PrivateKeys.read("key", keyFile, keyBytes);
    return new KeyedChain(chain, key);
  }

  private static KeyedChain fromPkcs12(CertificateSpec spec, byte[] file) throws TlsException {
    char[] password = password(spec.passwordFile());
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(file), password);
      for (String alias : Collections.list(store.aliases())) {
        if (store.getKey(alias, password) instanceof PrivateKey key) {
          return new KeyedChain(chain(store, alias), key);
        }
      }
      throw new TlsException(
          "certificate",
          spec.certificate() + " has no private key, expected one with its certificate");
    } catch (IOException | GeneralSecurityException e) {
      throw new TlsException(
          "certificate",
          spec.certificate() + " is neither PEM nor PKCS#12 with that password: " + e.getMessage(),
          e);
    }
  }

  private static List<X509Certificate> chain(KeyStore store, String alias)
      throws GeneralSecurityException {
    List<X509Certificate> chain = new ArrayList<>();
    for (var certificate : store.getCertificateChain(alias)) {
      chain.add((X509Certificate) certificate);
    }
    return chain;
  }

  private static char[] password(@Nullable String file) throws TlsException {
    if (file == null) {
      return new char[0];
    }
    String text = new String(TextFiles.read("password-file", file), UTF_8);
    return text.lines().findFirst().orElse("").toCharArray();
  }
}
