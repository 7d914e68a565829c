package io.steelyard.balance.key;

/**
 * What HAProxy's {@code balance uri} takes of a request's target, with its options (2.6,
 * src/backend.c, {@code get_server_uh}).
 *
 * @param whole with the query, not only up to the question mark
 * @param depth so many directories at most; 0 for all
 * @param length so many bytes at most; 0 for all
 * @param pathOnly without scheme and authority, where the target has them
 */
public record UriPart(boolean whole, int depth, int length, boolean pathOnly) implements KeyPart {
  @Override
  public long of(byte[] bytes, int from, int to) {
    int begin = pathOnly ? path(bytes, from, to) : from;
    int limit = length > 0 ? Math.min(to, begin + length) : to;
    int slashes = 0;
    int end = begin;
    for (; end < limit; end++) {
      if (bytes[end] == '/') {
        slashes++;
        if (slashes == depth + 1 && depth > 0) {
          break;
        }
      } else if (bytes[end] == '?' && !whole) {
        break;
      }
    }
    return KeyPart.range(begin, end);
  }

  /** Where the path begins: RFC 9112 section 3.2. A target without one has an empty path. */
  private static int path(byte[] bytes, int from, int to) {
    if (from == to || bytes[from] == '/') {
      return from;
    }
    int at = from;
    while (at < to && bytes[at] != ':') {
      at++;
    }
    if (at + 2 >= to || bytes[at + 1] != '/' || bytes[at + 2] != '/') {
      return to;
    }
    at += 3;
    while (at < to && bytes[at] != '/') {
      at++;
    }
    return at;
  }
}
