package io.steelyard.model;

/** How sessions of QUIC are found. */
@Doc("How sessions of QUIC are found.")
public record QuicSessions(
    @Doc(
            "How many bytes the connection ids of the endpoints have. 0: as long as those that have been seen.")
        @Default("0")
        @Range(min = "0", max = "20")
        int connectionIdLength) {
  /** The section with every key at its default. */
  public static QuicSessions defaults() {
    return Shape.of(QuicSessions.class).defaults();
  }
}
