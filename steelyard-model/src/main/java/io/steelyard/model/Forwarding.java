package io.steelyard.model;

import static java.util.Objects.requireNonNull;

/** What a forwarded request tells the endpoint about its client. */
@Doc(
    "What a forwarded request tells the endpoint about its client, and the answer about the way it took.")
public record Forwarding(
    @Doc(
            "`X-Forwarded-For`, `-Proto` and `-Host`: `append` to what the client sent, `replace` it (right at the edge,"
                + " where clients are not trusted), or `off` to pass it on untouched.")
        @Default("append")
        Mode xForwarded,
    @Doc("Whether the `Forwarded` field of RFC 7239 is added.") @Default("false") boolean forwarded,
    @Doc("Whether the `Via` field of RFC 9110 section 7.6.3 is added.") @Default("true")
        boolean via) {
  /** What happens to the {@code X-Forwarded-*} fields. */
  public enum Mode {
    /** Our value follows the client's. */
    APPEND,
    /** Our value takes the place of the client's. */
    REPLACE,
    /** The client's value passes untouched. */
    OFF
  }

  public Forwarding {
    requireNonNull(xForwarded, "xForwarded");
  }

  /** The section with every key at its default. */
  public static Forwarding defaults() {
    return Shape.of(Forwarding.class).defaults();
  }
}
