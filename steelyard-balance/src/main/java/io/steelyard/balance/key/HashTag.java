package io.steelyard.balance.key;

/**
 * What is between two characters is the key, so that keys that belong together can be kept
 * together: {@code user:{42}:name} and {@code user:{42}:mail} with {@code {}}. Without both, or
 * with nothing between them, the whole is the key. As twemproxy's {@code hash_tag} and Redis.
 *
 * @param begin before the tag
 * @param end after it; may be the same
 */
public record HashTag(char begin, char end) implements KeyPart {
  @Override
  public long of(byte[] bytes, int from, int to) {
    int first = indexOf(bytes, from, to, begin) + 1;
    int last = first == 0 ? -1 : indexOf(bytes, first, to, end);
    return last > first ? KeyPart.range(first, last) : KeyPart.range(from, to);
  }

  private static int indexOf(byte[] bytes, int from, int to, char wanted) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }
}
