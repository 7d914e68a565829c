package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An HTTP answer that is always the same. */
@Doc("An HTTP answer that is always the same.")
public record FixedAnswer(
    @Doc("Its status.") @Default("503") @Range(min = "200", max = "599") int status,
    @Doc("What its body is.")
        @Default("text/plain; charset=utf-8")
        @Syntax(
            pattern = "^[!-~]+(?: [!-~]+)*$",
            expected = "a media type such as text/html; charset=utf-8")
        String contentType,
    @Doc("Its body, sent as UTF-8.") @Default("") String body,
    @Doc("When the client may try again, as `Retry-After`, in whole seconds.")
        @Range(min = "1s", max = "168h")
        @Nullable Duration retryAfter) {
  public FixedAnswer {
    requireNonNull(contentType, "contentType");
    requireNonNull(body, "body");
  }

  /** The section with every key at its default. */
  public static FixedAnswer defaults() {
    return Shape.of(FixedAnswer.class).defaults();
  }
}
