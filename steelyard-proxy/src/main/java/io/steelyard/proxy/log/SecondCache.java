package io.steelyard.proxy.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.function.LongFunction;

/** The text of a second, made once per second rather than once per line. Not thread-safe. */
final class SecondCache {
  private final LongFunction<String> format;
  private long second = Long.MIN_VALUE;
  private byte[] text = {};

  SecondCache(LongFunction<String> format) {
    this.format = format;
  }

  /** The text of that many seconds since 1970; not to be changed. */
  byte[] at(long epochSecond) {
    if (epochSecond != second) {
      text = format.apply(epochSecond).getBytes(US_ASCII);
      second = epochSecond;
    }
    return text;
  }
}
