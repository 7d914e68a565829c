package io.steelyard.net.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what is in PEM files (RFC 7468). What stands between the blocks is passed over. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END ([A-Z0-9 ]+)-----");

  /**
   * One block.
   *
   * @param label such as {@code CERTIFICATE}
   * @param bytes what it holds, decoded
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Block(String label, byte[] bytes) {}

  private Pem() {}

  static boolean isPem(byte[] file) {
    return new String(file, ISO_8859_1).contains("-----BEGIN ");
  }

  static List<Block> blocks(byte[] file) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(new String(file, ISO_8859_1));
    while (matcher.find()) {
      if (matcher.group(1).equals(matcher.group(3))) {
        blocks.add(new Block(matcher.group(1), decode(matcher.group(2))));
      }
    }
    return blocks;
  }

  private static byte[] decode(String text) {
    return Base64.getMimeDecoder().decode(text);
  }

  /** The certificates, in the order of the file; at least one. */
  static List<X509Certificate> certificates(String key, String file, byte[] bytes)
      throws TlsException {
    List<X509Certificate> found = new ArrayList<>();
    for (Block block : blocks(bytes)) {
      if (block.label().endsWith("CERTIFICATE")) {
        found.add(certificate(key, file, block.bytes()));
      }
    }
    if (found.isEmpty()) {
      throw new TlsException(
          key, file + " has no certificate, expected PEM with -----BEGIN CERTIFICATE-----");
    }
    return found;
  }

  private static X509Certificate certificate(String key, String file, byte[] bytes)
      throws TlsException {
    try {
      return (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(bytes));
    } catch (CertificateException e) {
      throw new TlsException(
          key, file + " has a certificate that cannot be read: " + e.getMessage(), e);
    }
  }

  /** Lists of revoked certificates, in PEM or DER; at least one. */
  static List<CRL> revocations(String key, String file) throws TlsException {
    try {
      Collection<? extends CRL> found =
          factory().generateCRLs(new ByteArrayInputStream(TextFiles.read(key, file)));
      if (found.isEmpty()) {
        throw new TlsException(
            key, file + " has no list of revoked certificates, expected -----BEGIN X509 CRL-----");
      }
      return List.copyOf(found);
    } catch (CertificateException | CRLException e) {
      throw new TlsException(
          key, file + " is not a list of revoked certificates: " + e.getMessage(), e);
    }
  }

  private static CertificateFactory factory() throws CertificateException {
    return CertificateFactory.getInstance("X.509");
  }
}
