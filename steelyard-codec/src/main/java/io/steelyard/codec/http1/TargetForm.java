package io.steelyard.codec.http1;

/** The shape of a request target (RFC 9112 section 3.2). */
public enum TargetForm {
  /** {@code /path?query}. */
  ORIGIN,
  /** {@code http://authority/path?query}. */
  ABSOLUTE,
  /** {@code host:port}; CONNECT only. */
  AUTHORITY,
  /** {@code *}; OPTIONS only. */
  ASTERISK
}
