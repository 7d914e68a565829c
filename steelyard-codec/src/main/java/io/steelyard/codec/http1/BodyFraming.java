package io.steelyard.codec.http1;

/** How the end of a message's body is found (RFC 9112 section 6.3). */
public enum BodyFraming {
  /** No body follows, or an empty one. */
  NONE,
  /** {@link MessageHead#contentLength()} bytes follow, at least one. */
  LENGTH,
  /** Chunks follow; {@link ChunkScanner} finds their end. */
  CHUNKED,
  /** The body ends when the connection does. Answers only. */
  UNTIL_CLOSE
}
