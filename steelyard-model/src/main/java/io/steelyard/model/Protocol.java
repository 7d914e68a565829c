package io.steelyard.model;

/** What a listener speaks with its clients. */
public enum Protocol {
  /** HTTP/1.1 and HTTP/1.0 (RFC 9112). */
  HTTP,
  /** Connections of any protocol, whose bytes are passed on unread. */
  TCP,
  /** Whole packets, which the kernel carries. */
  PACKET,
  /** Datagrams of any protocol, in sessions by the client's address and port. */
  UDP
}
