package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** What a client may ask for at most. */
@Doc(
    "What a client may send at most. A request beyond a limit is refused, and its connection closed.")
public record HttpLimits(
    @Doc("The longest request head: request line, all fields and line ends.")
        @Default("32KiB")
        @Range(min = "1KiB", max = "1MiB")
        ByteSize headSize,
    @Doc("The most fields (header lines) in a request head.")
        @Default("100")
        @Range(min = "1", max = "10000")
        int fields,
    @Doc("The longest request line: method, target and version.")
        @Default("8KiB")
        @Range(min = "64B", max = "1MiB")
        ByteSize requestLine,
    @Doc(
            "The longest request body. Without it there is no limit; bodies are never held in memory as a whole.")
        @Nullable ByteSize bodySize,
    @Doc("How many requests one connection may carry before it is closed. 0: as many as it likes.")
        @Default("0")
        @Range(min = "0", max = "2147483647")
        int requestsPerConnection) {
  public HttpLimits {
    requireNonNull(headSize, "headSize");
    requireNonNull(requestLine, "requestLine");
  }

  /** The section with every key at its default. */
  public static HttpLimits defaults() {
    return Shape.of(HttpLimits.class).defaults();
  }
}
