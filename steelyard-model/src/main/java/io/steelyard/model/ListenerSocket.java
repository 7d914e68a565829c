package io.steelyard.model;

/** Settings of a listener's sockets. */
@Doc("Settings of a listener's sockets.")
public record ListenerSocket(
    @Doc(
            "How many connections may wait to be accepted. The kernel lowers it to `net.core.somaxconn`.")
        @Default("4096")
        @Range(min = "1", max = "65535")
        int backlog,
    @Doc("`TCP_NODELAY`: send small pieces at once.") @Default("true") boolean tcpNodelay,
    @Doc("`SO_KEEPALIVE`: let the kernel probe silent connections.") @Default("false")
        boolean keepAlive) {
  /** The section with every key at its default. */
  public static ListenerSocket defaults() {
    return Shape.of(ListenerSocket.class).defaults();
  }
}
