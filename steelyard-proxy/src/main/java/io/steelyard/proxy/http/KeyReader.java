package io.steelyard.proxy.http;

import io.steelyard.balance.KeySource;
import io.steelyard.codec.BufferView;
import io.steelyard.codec.ByteView;
import io.steelyard.proxy.listen.SelectionKey;

/**
 * Finds what a balancer chooses by in a request: an address, the target, a field, a cookie, a
 * parameter. Belongs to its event loop.
 */
final class KeyReader {
  private static final ByteView COOKIE = ByteView.of("cookie");

  private final KeySource source;
  private final ByteView name;
  private final BufferView value = new BufferView();

  KeyReader(KeySource source) {
    this.source = source;
    this.name = ByteView.of(source.name());
  }

  /**
   * Copies what is looked for; the key has no bytes, not even none, when the request has no such
   * thing.
   */
  void read(RequestView request, ClientStream client, SelectionKey key) {
    key.clear();
    switch (source.kind()) {
      case SOURCE_ADDRESS -> key.set(client.sourceAddress());
      case DESTINATION_ADDRESS -> key.set(client.destinationAddress());
      case URI -> key.set(request.target(), 0, request.target().length());
      case PARAMETER -> parameter(request.path(), key);
      case HEADER -> header(request, key);
      case COOKIE -> cookies(request, key);
      // not in HTTP: the validator says so
      case RDP_COOKIE, DNS_NAME, RADIUS_USER_NAME, RADIUS_CALLING_STATION_ID, COMMAND_KEY -> {}
    }
    value.clear();
  }

  private void header(RequestView request, SelectionKey key) {
    if (request.field(name, -1, value) >= 0) {
      key.set(value, 0, value.length());
    }
  }

  private void parameter(ByteView path, SelectionKey key) {
    int at = path.indexOf('?', 0) + 1;
    while (at > 0) {
      int end = endOf(path, at, '&');
      if (pair(path, at, end, key)) {
        return;
      }
      at = end < path.length() ? end + 1 : 0;
    }
  }

  /** RFC 6265 section 4.2.1, and several fields as RFC 9113 section 8.2.3 allows them. */
  private void cookies(RequestView request, SelectionKey key) {
    for (int field = request.field(COOKIE, -1, value);
        field >= 0 && key.length() < 0;
        field = request.field(COOKIE, field, value)) {
      cookie(key);
    }
  }

  private void cookie(SelectionKey key) {
    int at = 0;
    while (at < value.length()) {
      int end = endOf(value, at, ';');
      while (at < end && value.at(at) == ' ') {
        at++;
      }
      if (pair(value, at, end, key)) {
        return;
      }
      at = end + 1;
    }
  }

  /** Takes the value when [from, to) is {@code NAME=VALUE}. */
  private boolean pair(ByteView bytes, int from, int to, SelectionKey key) {
    int equals = from + name.length();
    if (equals >= to || bytes.at(equals) != '=' || !bytes.startsWith(from, name)) {
      return false;
    }
    key.set(bytes, equals + 1, to);
    return true;
  }

  private static int endOf(ByteView bytes, int from, char separator) {
    int end = bytes.indexOf(separator, from);
    return end < 0 ? bytes.length() : end;
  }
}
