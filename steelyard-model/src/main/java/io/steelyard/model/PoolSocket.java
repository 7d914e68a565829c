package io.steelyard.model;

/** Settings of the sockets to a pool's endpoints. */
@Doc("Settings of the sockets to a pool's endpoints.")
public record PoolSocket(
    @Doc("`TCP_NODELAY`: send small pieces at once.") @Default("true") boolean tcpNodelay,
    @Doc("`SO_KEEPALIVE`: let the kernel probe silent connections.") @Default("false")
        boolean keepAlive) {
  /** The section with every key at its default. */
  public static PoolSocket defaults() {
    return Shape.of(PoolSocket.class).defaults();
  }
}
