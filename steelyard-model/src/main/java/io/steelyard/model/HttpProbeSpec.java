package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends an HTTP/1.1 request and looks at the answer. */
@Doc(
    "Sends an HTTP/1.1 request on a connection of its own and looks at the answer: status, then body. All that is expected"
        + " must be there. At most 64 KiB of the body are looked at.")
public record HttpProbeSpec(
    @Doc("The path, with or without a query.")
        @Default("/")
        @Syntax(pattern = "^/[!-~]*$", expected = "a path that starts with / and has no space")
        String path,
    @Doc("The method.")
        @Default("GET")
        @Syntax(pattern = "^[A-Z]{1,20}$", expected = "a method such as GET")
        String method,
    @Doc("Further header fields; `Host` replaces the endpoint's address.") @Default("{}")
        Map<String, String> headers,
    @Doc("The request's body.") @Nullable String body,
    @Doc("The statuses of a well endpoint.") @Default("200-299") Statuses expectStatus,
    @Doc("A text that the body must contain.") @NotEmpty @Nullable String expectBody,
    @Doc("A regular expression (RE2 syntax, linear time) that the body must match somewhere.")
        @NotEmpty
        @Nullable String expectBodyRegex,
    @Doc("A value that the body, a JSON document, must have.") @Nullable JsonExpectation expectJson,
    @Doc(
            "For `http-steps`: values of the answer that later steps use, by name. `${NAME}` in a later path, header field or body"
                + " stands for the value.")
        @Default("{}")
        Map<String, SavedValue> save,
    @Doc("Encrypts (HTTPS), and checks the certificate.") @Nullable ProbeTls tls)
    implements ProbeSpec {
  public HttpProbeSpec {
    requireNonNull(path, "path");
    requireNonNull(method, "method");
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    requireNonNull(expectStatus, "expectStatus");
    save = Collections.unmodifiableMap(new LinkedHashMap<>(save));
  }

  /** A request for {@code /} whose answer must be a success. */
  public static HttpProbeSpec defaults() {
    return Shape.of(HttpProbeSpec.class).defaults();
  }
}
