package io.steelyard.proxy.stats;

/** The classes of HTTP status codes (RFC 9110 §15). */
public enum AnswerClass {
  INFORMATIONAL("1xx"),
  SUCCESSFUL("2xx"),
  REDIRECTION("3xx"),
  CLIENT_ERROR("4xx"),
  SERVER_ERROR("5xx"),
  /** Codes outside 100 to 599, which some servers send. */
  OTHER("other");

  private static final AnswerClass[] VALUES = values();
  static final int COUNT = VALUES.length;

  private final String text;

  AnswerClass(String text) {
    this.text = text;
  }

  /** As metrics name it: {@code 2xx}. */
  public String text() {
    return text;
  }

  /** The class of a status code. */
  public static AnswerClass of(int status) {
    return status < 100 || status > 599 ? OTHER : VALUES[status / 100 - 1];
  }

  @SuppressWarnings("EnumOrdinal") // An index into arrays of this process.
  int index() {
    return ordinal();
  }
}
