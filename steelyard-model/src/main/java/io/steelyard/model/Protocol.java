package io.steelyard.model;

/** What a listener speaks with its clients. */
public enum Protocol {
  /** HTTP/1.1 and HTTP/1.0 (RFC 9112). */
  HTTP,
  /** Whole packets, which the kernel carries. */
  PACKET
}
