package io.steelyard.codec.http1;

/**
 * How large a message head may be.
 *
 * @param headSize bytes of the whole head, empty lines before it and at its end included
 * @param fields number of field lines
 * @param requestLine bytes of the request line, without its line end
 */
public record HeadLimits(int headSize, int fields, int requestLine) {

  /** Refuses limits that no message could keep to. */
  public HeadLimits {
    requireAtLeast("headSize", headSize, 16);
    requireAtLeast("fields", fields, 1);
    requireAtLeast("requestLine", requestLine, 16);
  }

  private static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: at least " + least + ")");
    }
  }
}
