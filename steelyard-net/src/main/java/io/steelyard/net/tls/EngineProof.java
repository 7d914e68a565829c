package io.steelyard.net.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.OpenSsl;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;

/**
 * Proves that keys belong to certificates with the code that will use them in handshakes: some
 * twenty times as fast as a signature by Java that is not compiled yet. Thread-safe.
 */
final class EngineProof implements AutoCloseable {
  private final long context;

  private EngineProof(long context) {
    this.context = context;
  }

  /** Ready for any number of proofs; where BoringSSL is not there, all of them fail. */
  static EngineProof open() {
    return new EngineProof(OpenSsl.isAvailable() ? makeContext() : 0);
  }

  private static long makeContext() {
    try {
      return SSLContext.make(SSL.SSL_PROTOCOL_ALL, SSL.SSL_MODE_SERVER);
    } catch (Exception e) {
      return 0;
    }
  }

  /**
   * Whether the engine can use the chain with the key.
   *
   * @param chain PEM, what else is in it is passed over
   * @param key PEM, likewise
   * @return false says nothing about why
   */
  boolean holds(byte[] chain, byte[] key) {
    if (context == 0) {
      return false;
    }
    long certificates = 0;
    long secret = 0;
    try {
      certificates = parse(chain, SSL::parseX509Chain);
      secret = parse(key, bio -> SSL.parsePrivateKey(bio, null));
      return agree(certificates, secret);
    } catch (Exception e) { // tcnative declares nothing more exact
      return false;
    } finally {
      if (certificates != 0) {
        SSL.freeX509Chain(certificates);
      }
      if (secret != 0) {
        SSL.freePrivateKey(secret);
      }
    }
  }

  private boolean agree(long certificates, long secret) throws Exception {
    long ssl = SSL.newSSL(context, true);
    try {
      SSL.setKeyMaterial(ssl, certificates, secret);
      return true;
    } finally {
      SSL.freeSSL(ssl);
    }
  }

  private interface Parser {
    long parse(long bio) throws Exception;
  }

  private static long parse(byte[] pem, Parser parser) throws Exception {
    ByteBuf direct = Unpooled.directBuffer(Math.max(1, pem.length)).writeBytes(pem);
    long bio = 0;
    try {
      bio = SSL.newMemBIO();
      return SSL.bioWrite(bio, direct.memoryAddress(), pem.length) == pem.length
          ? parser.parse(bio)
          : 0;
    } finally {
      direct.setZero(0, pem.length).release(); // it may be a key
      if (bio != 0) {
        SSL.freeBIO(bio);
      }
    }
  }

  @Override
  public void close() {
    if (context != 0) {
      SSLContext.free(context);
    }
  }
}
