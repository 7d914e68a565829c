package io.steelyard.model;

import org.jspecify.annotations.Nullable;

/** Settings of the sockets to a pool's endpoints. */
@Doc("Settings of the sockets to a pool's endpoints.")
public record PoolSocket(
    @Doc("`TCP_NODELAY`: send small pieces at once.") @Default("true") boolean tcpNodelay,
    @Doc("`SO_KEEPALIVE`: let the kernel probe silent connections.") @Default("false")
        boolean keepAlive,
    @Doc(
            "The address of this machine that connections and datagrams to the endpoints come from. Absent: the system chooses.")
        @Syntax(
            pattern = "^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$",
            expected = "an IP address")
        @Nullable String sourceAddress,
    @Doc("The interface that they leave by, such as `eth1`. Absent: the system chooses.")
        @Syntax(pattern = "^[!-.0-~]{1,15}$", expected = "the name of an interface such as eth1")
        @Nullable String networkInterface,
    @Doc(
            "They come from the client's own address (`IP_TRANSPARENT`). Needs CAP_NET_ADMIN, epoll, and that the endpoints' answers are routed here."
                + " Of HTTP, each request then has a connection of its own.")
        @Default("false")
        boolean transparent) {
  /** The section with every key at its default. */
  public static PoolSocket defaults() {
    return Shape.of(PoolSocket.class).defaults();
  }
}
