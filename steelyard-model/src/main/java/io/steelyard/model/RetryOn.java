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
 * @param statuses null when it is about a failure; 400 or above
 */
public record RetryOn(@Nullable Failure failure, @Nullable Statuses statuses) {
  /** The syntax, as a regular expression that Java and ECMAScript (JSON Schema) read alike. */
  public static final String SYNTAX =
      "^(connect|refused|reset|timeout|invalid|[45][0-9]{2}(-[45][0-9]{2})?)$";

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

  public RetryOn {
    if ((failure == null) == (statuses == null)) {
      throw new IllegalArgumentException("expected either a failure or statuses");
    }
  }

  /** A failure. */
  public static RetryOn failure(Failure failure) {
    return new RetryOn(failure, null);
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
              + " is not known, expected connect, refused, reset, timeout, invalid, or statuses from 400 such as 503 or 500-599");
    }
    return Character.isDigit(text.charAt(0))
        ? new RetryOn(null, Statuses.parse(text))
        : failure(Failure.valueOf(text.toUpperCase(Locale.ROOT)));
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return failure == null ? String.valueOf(statuses) : Kind.Choice.word(failure);
  }
}
