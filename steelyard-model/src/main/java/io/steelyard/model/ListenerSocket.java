package io.steelyard.model;

import static java.util.Objects.requireNonNull;

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
        boolean keepAlive,
    @Doc("Who may connect to a Unix socket: the permissions of its file, in octal digits.")
        @Default("660")
        @Syntax(pattern = "^[0-7]{3}$", expected = "three octal digits such as 660")
        String mode) {
  public ListenerSocket {
    requireNonNull(mode, "mode");
  }

  /** The section with every key at its default. */
  public static ListenerSocket defaults() {
    return Shape.of(ListenerSocket.class).defaults();
  }
}
