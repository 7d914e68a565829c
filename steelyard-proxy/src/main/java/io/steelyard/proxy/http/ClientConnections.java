package io.steelyard.proxy.http;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open client connections of one listener on one event loop, as a list through the connections
 * themselves.
 */
final class ClientConnections {
  private @Nullable Http1ClientConnection first;
  private int size;

  void add(Http1ClientConnection connection) {
    connection.next = first;
    if (first != null) {
      first.previous = connection;
    }
    first = connection;
    size++;
  }

  void remove(Http1ClientConnection connection) {
    Http1ClientConnection previous = connection.previous;
    Http1ClientConnection next = connection.next;
    if (previous == null) {
      first = next;
    } else {
      previous.next = next;
    }
    if (next != null) {
      next.previous = previous;
    }
    connection.previous = null;
    connection.next = null;
    size--;
  }

  /** Each connection once; {@code action} may remove the one that it is given. */
  void forEach(Consumer<Http1ClientConnection> action) {
    Http1ClientConnection connection = first;
    while (connection != null) {
      Http1ClientConnection next = connection.next;
      action.accept(connection);
      connection = next;
    }
  }

  int size() {
    return size;
  }
}
