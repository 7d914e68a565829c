package io.steelyard.model;

/** How the process talks to sockets. */
public enum TransportKind {
  /** Linux epoll(7) through Netty's native transport. */
  EPOLL,
  /** Linux io_uring(7) through Netty's native transport. */
  IO_URING,
  /** java.nio: works everywhere. */
  NIO
}
