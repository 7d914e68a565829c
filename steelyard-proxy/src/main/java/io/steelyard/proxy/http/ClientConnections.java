package io.steelyard.proxy.http;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The open client connections of one listener on one event loop. */
final class ClientConnections {
  /** A connection's place among the others; the connection may hand it on to its successor. */
  static final class Place {
    private OpenConnection owner;
    private @Nullable Place previous;
    private @Nullable Place next;

    Place(OpenConnection owner) {
      this.owner = owner;
    }

    /** The connection speaks another protocol from now on. */
    void handOver(OpenConnection successor) {
      owner = successor;
    }
  }

  private @Nullable Place first;
  private int size;

  void add(Place place) {
    place.next = first;
    if (first != null) {
      first.previous = place;
    }
    first = place;
    size++;
  }

  void remove(Place place) {
    Place previous = place.previous;
    Place next = place.next;
    if (previous == null) {
      first = next;
    } else {
      previous.next = next;
    }
    if (next != null) {
      next.previous = previous;
    }
    place.previous = null;
    place.next = null;
    size--;
  }

  /** Each connection once; {@code action} may remove the one that it is given. */
  void forEach(Consumer<OpenConnection> action) {
    Place place = first;
    while (place != null) {
      Place next = place.next;
      action.accept(place.owner);
      place = next;
    }
  }

  int size() {
    return size;
  }
}
