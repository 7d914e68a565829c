package io.steelyard.net.tls;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Private keys in the forms that openssl and others write: PKCS#8 (RFC 5208), PKCS#1 for RSA (RFC
 * 8017) and SEC 1 for elliptic curves (RFC 5915).
 */
final class PrivateKeys {
  private static final byte[] RSA_ALGORITHM = hex("300d06092a864886f70d0101010500");
  private static final byte[] EC_OID = hex("06072a8648ce3d0201");
  private static final byte[] VERSION_0 = hex("020100");
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int PARAMETERS = 0xa0;

  private PrivateKeys() {}

  /** The only private key of a PEM file. */
  static PrivateKey read(String key, String file, byte[] bytes) throws TlsException {
    List<Pem.Block> keys =
        Pem.blocks(bytes).stream().filter(b -> b.label().endsWith("PRIVATE KEY")).toList();
    if (keys.size() != 1) {
      throw new TlsException(
          key,
          file
              + " has "
              + keys.size()
              + " private keys, expected one in PEM, PKCS#8 or PKCS#1 or SEC1");
    }
    Pem.Block block = keys.getFirst();
    if (block.label().startsWith("ENCRYPTED")
        || new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
            .contains("Proc-Type: 4,ENCRYPTED")) {
      throw new TlsException(
          key, file + " has an encrypted private key, expected one that is not, or a PKCS#12 file");
    }
    try {
      return decode(block);
    } catch (GeneralSecurityException | IndexOutOfBoundsException e) {
      throw new TlsException(
          key, file + " has a private key that cannot be read: " + e.getMessage(), e);
    }
  }

  private static PrivateKey decode(Pem.Block block) throws GeneralSecurityException {
    return switch (block.label()) {
      case "RSA PRIVATE KEY" ->
          generate("RSA", der(SEQUENCE, VERSION_0, RSA_ALGORITHM, der(OCTETS, block.bytes())));
      case "EC PRIVATE KEY" ->
          generate(
              "EC",
              der(
                  SEQUENCE,
                  VERSION_0,
                  der(SEQUENCE, EC_OID, curve(block.bytes())),
                  der(OCTETS, block.bytes())));
      default -> generate(contains(block.bytes(), EC_OID) ? "EC" : "RSA", block.bytes());
    };
  }

  private static PrivateKey generate(String algorithm, byte[] pkcs8)
      throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
  }

  /** The curve's identifier within a SEC 1 key: what its field [0] holds. */
  private static byte[] curve(byte[] sec1) throws GeneralSecurityException {
    int at = headerLength(sec1, 0); // into the sequence
    at = skip(sec1, at); // the version
    at = skip(sec1, at); // the key itself
    if ((sec1[at] & 0xff) != PARAMETERS) {
      throw new GeneralSecurityException("it does not name its curve");
    }
    return Arrays.copyOfRange(sec1, at + headerLength(sec1, at), skip(sec1, at));
  }

  private static int skip(byte[] der, int at) {
    return at + headerLength(der, at) + length(der, at);
  }

  private static int headerLength(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return first < 0x80 ? 2 : 2 + (first & 0x7f);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = (length << 8) | (der[at + 2 + i] & 0xff);
    }
    return length;
  }

  private static byte[] der(int tag, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
    out.write(tag);
    if (length >= 0x80) {
      int bytes = length > 0xffff ? 3 : length > 0xff ? 2 : 1;
      out.write(0x80 | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(length >> (8 * i));
      }
    } else {
      out.write(length);
    }
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Does the private key belong to the public one? */
  static boolean belongTogether(PrivateKey key, PublicKey certified) {
    if (key instanceof RSAPrivateKey rsa && certified instanceof RSAPublicKey pub) {
      return rsa.getModulus().equals(pub.getModulus());
    }
    if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
      return false;
    }
    // Most files have the public point beside the private number: far cheaper than a signature.
    return (certified instanceof ECPublicKey && contains(key.getEncoded(), point(certified)))
        || signs(key, certified);
  }

  /** The end of a public key's encoding: the coordinates of its point, at least 64 bytes. */
  private static byte[] point(PublicKey certified) {
    byte[] encoded = certified.getEncoded();
    return Arrays.copyOfRange(encoded, Math.max(0, encoded.length - 64), encoded.length);
  }

  private static boolean signs(PrivateKey key, PublicKey certified) {
    try {
      Signature signature =
          Signature.getInstance(
              key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
      signature.initSign(key);
      signature.update(VERSION_0);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(VERSION_0);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean contains(byte[] bytes, byte[] part) {
    for (int at = 0; at + part.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
