package io.steelyard.net;

import io.steelyard.model.ListenerSocket;

/**
 * How a listening TCP socket behaves.
 *
 * @param backlog connections that the kernel completes and holds until they are accepted
 * @param accepted for each accepted connection
 */
public record ListenSettings(int backlog, SocketSettings accepted) {
  /** As a listener's configuration has it. */
  public static ListenSettings of(ListenerSocket socket) {
    return new ListenSettings(
        socket.backlog(), new SocketSettings(socket.tcpNodelay(), socket.keepAlive()));
  }
}
