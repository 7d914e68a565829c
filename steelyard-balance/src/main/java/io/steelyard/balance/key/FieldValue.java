package io.steelyard.balance.key;

/**
 * What HAProxy's {@code balance hdr} takes of a field (2.6, src/backend.c, {@code get_server_hh}):
 * the first value of a list separated by commas, without spaces around it; an empty one is no key.
 *
 * @param domainOnly of a host name only what is before the last dot and after the one before it:
 *     {@code example} of {@code www.example.com}
 */
public record FieldValue(boolean domainOnly) implements KeyPart {
  @Override
  public long of(byte[] bytes, int from, int to) {
    int first = from;
    while (first < to && isSpace(bytes[first])) {
      first++;
    }
    int last = valueEnd(bytes, first, to);
    while (last > first && isSpace(bytes[last - 1])) {
      last--;
    }
    if (first == last) {
      return NONE;
    }
    return domainOnly ? domain(bytes, first, last) : KeyPart.range(first, last);
  }

  private static boolean isSpace(byte octet) {
    return octet == ' ' || octet == '\t';
  }

  /** A comma in quotes ends nothing: RFC 9110 section 5.6.4. */
  private static int valueEnd(byte[] bytes, int from, int to) {
    boolean isQuoted = false;
    for (int i = from; i < to; i++) {
      if (bytes[i] == '"') {
        isQuoted = !isQuoted;
      } else if (isQuoted && bytes[i] == '\\') {
        i++;
      } else if (!isQuoted && bytes[i] == ',') {
        return i;
      }
    }
    return to;
  }

  /** All of it where no dot is left of anything. */
  private static long domain(byte[] bytes, int from, int to) {
    int end = to - 1;
    while (end > from && bytes[end] != '.') {
      end--;
    }
    if (end == from) {
      return KeyPart.range(from, to);
    }
    // As HAProxy does: a dot right before the last one is part of the domain.
    int begin = end - 1;
    while (begin > from && bytes[begin - 1] != '.') {
      begin--;
    }
    return KeyPart.range(begin, end);
  }
}
