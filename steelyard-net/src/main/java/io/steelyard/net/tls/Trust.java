package io.steelyard.net.tls;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStore.TrustedCertificateEntry;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Whom to trust: the authorities in a file, less what they have revoked. */
final class Trust {
  private Trust() {}

  /**
   * Trusts certificates of these authorities.
   *
   * @param authorities a file in PEM
   * @param revoked a file of CRLs, one from each authority; null: nothing is revoked
   */
  static TrustManagerFactory of(String authorities, @Nullable String revoked) throws TlsException {
    List<X509Certificate> trusted =
        Pem.certificates("authorities", authorities, TextFiles.read("authorities", authorities));
    List<CRL> lists = revoked == null ? List.of() : Pem.revocations("revoked", revoked);
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < trusted.size(); i++) {
        store.setEntry("authority-" + i, new TrustedCertificateEntry(trusted.get(i)), null);
      }
      return factory(store, lists);
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new TlsException("authorities", authorities + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static TrustManagerFactory factory(KeyStore store, List<CRL> lists)
      throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(store, new X509CertSelector());
    parameters.setRevocationEnabled(!lists.isEmpty());
    if (!lists.isEmpty()) {
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
      PKIXRevocationChecker checker =
          (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
      // The list is at hand; nobody on the network is to be asked while a client waits.
      checker.setOptions(
          EnumSet.of(
              PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
      parameters.addCertPathChecker(checker);
    }
    factory.init(new CertPathTrustManagerParameters(parameters));
    return factory;
  }
}
