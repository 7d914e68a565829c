package io.steelyard.server.admin;

import java.util.Map;

/** An answer, whole; its text is sent as UTF-8. */
record Answer(int status, String contentType, String body, Map<String, String> fields) {
  Answer(int status, String contentType, String body) {
    this(status, contentType, body, Map.of());
  }

  /** One line. */
  static Answer line(int status, String line) {
    return new Answer(status, "text/plain; charset=utf-8", line + '\n');
  }
}
