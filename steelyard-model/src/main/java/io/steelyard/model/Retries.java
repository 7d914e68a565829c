package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** When a request is tried again. */
@Doc(
    "When a request is tried again, each time at another endpoint while there is one. Short form: the number of further attempts. Only what"
        + " can safely be repeated is: any request of which nothing was sent or that was refused, and idempotent ones (GET, HEAD, OPTIONS, TRACE, PUT, DELETE)"
        + " of which nothing was answered and all that was sent is still held.")
@Shorthand("attempts")
public record Retries(
    @Doc("How many attempts may follow the first.") @Default("2") @Range(min = "0", max = "10")
        int attempts,
    @Doc(
            "What is followed by another attempt: `connect` (it cannot be connected), `refused` (it says by HTTP/2 that it"
                + " did nothing with the request), `reset` (the connection breaks before the answer), `timeout`"
                + " (no answer within `timeouts.response`), `invalid` (what comes is no HTTP answer), answers by status, such as `503` or `500-599`,"
                + " and by the status of gRPC, such as `grpc-unavailable` or `grpc-resource-exhausted`, of calls that failed at once."
                + "")
        @Default("[connect, refused, reset]")
        List<RetryOn> on,
    @Doc(
            "How much of an idempotent request, head and body, is held to be sent again. A longer one is not repeated.")
        @Default("64KiB")
        @Range(min = "0", max = "64MiB")
        ByteSize held,
    @Doc("How many attempts may follow others in all.") @Default("{}") RetryBudget budget) {
  public Retries {
    on = List.copyOf(on);
    requireNonNull(held, "held");
    requireNonNull(budget, "budget");
  }

  /** The section with every key at its default. */
  public static Retries defaults() {
    return Shape.of(Retries.class).defaults();
  }

  /** So many attempts after the first, all else at its default. */
  public static Retries of(int attempts) {
    Retries usual = defaults();
    return new Retries(attempts, usual.on, usual.held, usual.budget);
  }

  /** This with other {@link #on}. */
  public Retries withOn(List<RetryOn> value) {
    return new Retries(attempts, value, held, budget);
  }

  /** This with another {@link #held}. */
  public Retries withHeld(ByteSize value) {
    return new Retries(attempts, on, value, budget);
  }

  /** This with another {@link #budget}. */
  public Retries withBudget(RetryBudget value) {
    return new Retries(attempts, on, held, value);
  }
}
