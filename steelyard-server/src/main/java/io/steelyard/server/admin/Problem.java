package io.steelyard.server.admin;

import io.steelyard.model.Words;
import java.util.List;
import java.util.Map;

/** An error, as problem details (RFC 9457). */
record Problem(String title, int status, String detail, String instance) {
  static Answer notFound(String path) {
    return new Problem("Not Found", 404, "nothing is served here; / links to what is", path)
        .answer(Map.of());
  }

  /**
   * @param allowed the methods that are served, separated by {@code ", "}
   */
  static Answer methodNotAllowed(String path, String method, String allowed) {
    String expected = Words.alternatives(List.of(allowed.split(", ")));
    return new Problem(
            "Method Not Allowed", 405, "the method is " + method + ", expected " + expected, path)
        .answer(Map.of("Allow", allowed));
  }

  static Answer internal(String path) {
    return new Problem(
            "Internal Server Error", 500, "a mistake of Steelyard's; its log says more", path)
        .answer(Map.of());
  }

  Answer answer(Map<String, String> fields) {
    return new Answer(status, "application/problem+json", Json.write(this), fields);
  }
}
