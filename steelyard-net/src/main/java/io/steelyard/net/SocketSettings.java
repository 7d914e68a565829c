package io.steelyard.net;

/**
 * How a TCP socket behaves.
 *
 * @param tcpNodelay send small segments at once (TCP_NODELAY)
 * @param keepAlive let the kernel probe a silent peer (SO_KEEPALIVE)
 */
public record SocketSettings(boolean tcpNodelay, boolean keepAlive) {}
