package io.steelyard.model;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request is tried again on, as the configuration writes it: {@code connect}, {@code reset},
 * {@code refused}, {@code timeout}, {@code invalid}, or answers by their status, {@code 503} or
 * {@code 500-599}. Immutable.
 *
 * @param failure null when it is about answers
 * @param grpc null when it is not about answers of gRPC
 * @param statuses null when it is about a failure; 400 or above
 */
public record RetryOn(@Nullable Failure failure, @Nullable Statuses statuses, @Nullable Grpc grpc) {
  /** The syntax, as a regular expression that Java and ECMAScript (JSON Schema) read alike. */
  public static final String SYNTAX =
      "^(connect|refused|reset|timeout|invalid|"
          + "grpc-(cancelled|unknown|deadline-exceeded|resource-exhausted|aborted|internal|unavailable|data-loss)|[45][0-9]{2}(-[45][0-9]{2})?)$";

  private static final String GRPC = "GRPC_";
  private static final Pattern PATTERN = Pattern.compile(SYNTAX);

  /** How an attempt fails without an answer. */
  public enum Failure {
    /** The endpoint cannot be connected: refused, unreachable, not in time. Nothing was sent. */
    CONNECT,
    /**
     * The endpoint says that it did nothing with the request: HTTP/2's REFUSED_STREAM, or a GOAWAY
     * that does not count it (RFC 9113 section 8.7).
     */
    REFUSED,
    /** The connection broke before anything of the answer came. */
    RESET,
    /** The answer did not begin in time. */
    TIMEOUT,
    /** What came is no answer. */
    INVALID
  }

  /** A status of gRPC that may be worth another attempt. */
  public enum Grpc {
    CANCELLED(1),
    UNKNOWN(2),
    DEADLINE_EXCEEDED(4),
    RESOURCE_EXHAUSTED(8),
    ABORTED(10),
    INTERNAL(13),
    UNAVAILABLE(14),
    DATA_LOSS(15);

    private final int code;

    Grpc(int code) {
      this.code = code;
    }

    /** As {@code grpc-status} has it. */
    public int code() {
      return code;
    }
  }

  public RetryOn {
    if ((failure == null ? 0 : 1) + (statuses == null ? 0 : 1) + (grpc == null ? 0 : 1) != 1) {
      throw new IllegalArgumentException("expected a failure, statuses or a status of gRPC");
    }
  }

  /** A failure. */
  public static RetryOn failure(Failure failure) {
    return new RetryOn(failure, null, null);
  }

  /**
   * Reads a word.
   *
   * @throws IllegalArgumentException when the text is none; the message says what was expected
   */
  public static RetryOn parse(String text) {
    if (!PATTERN.matcher(text).matches()) {
      throw new IllegalArgumentException(
          Quote.of(text)
              + " is not known, expected connect, refused, reset, timeout, invalid, a status of gRPC such as grpc-unavailable, or statuses from 400 such as 503 or 500-599");
    }
    if (Character.isDigit(text.charAt(0))) {
      return new RetryOn(null, Statuses.parse(text), null);
    }
    String constant = text.toUpperCase(Locale.ROOT).replace('-', '_');
    return constant.startsWith(GRPC)
        ? new RetryOn(null, null, Grpc.valueOf(constant.substring(GRPC.length())))
        : failure(Failure.valueOf(constant));
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    if (grpc != null) {
      return "grpc-" + Kind.Choice.word(grpc);
    }
    return failure == null ? String.valueOf(statuses) : Kind.Choice.word(failure);
  }
}
