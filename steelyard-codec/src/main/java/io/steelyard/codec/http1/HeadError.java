package io.steelyard.codec.http1;

/** Why a message head was refused. */
public enum HeadError {
  TOO_MANY_EMPTY_LINES(400, "more than a few empty lines before the request line"),
  INVALID_METHOD(400, "a method that is not a token"),
  INVALID_REQUEST_LINE(
      400,
      "a request line that is not a method, a target and a version with one space between them"),
  INVALID_TARGET(
      400,
      "a request target that is neither a path, an http URI, nor what the method takes instead"),
  FRAGMENT_IN_TARGET(400, "a fragment (#) in the request target"),
  UNKNOWN_SCHEME(400, "a request target with a scheme other than http and https"),
  INVALID_AUTHORITY(400, "an invalid host or port in the request target"),
  USER_IN_AUTHORITY(400, "user information in the request target"),
  INVALID_VERSION(400, "a protocol version that is not HTTP/digit.digit"),
  UNSUPPORTED_VERSION(505, "a major version of HTTP other than 1"),
  REQUEST_LINE_TOO_LONG(414, "a request line over the limit"),
  INVALID_STATUS_LINE(400, "a status line that is not a version, a status code and a reason"),
  INVALID_STATUS(400, "a status code that is not within 100 to 599"),
  HEAD_TOO_LARGE(431, "a head over the size limit"),
  TOO_MANY_FIELDS(431, "more fields than the limit"),
  BARE_CR(400, "a carriage return without a line feed"),
  BARE_LF(400, "a line feed without a carriage return"),
  CONTROL_CHARACTER(400, "a control character"),
  LEADING_WHITESPACE(400, "whitespace before the first field"),
  FOLDED_FIELD(400, "a field continued on a line that begins with whitespace"),
  EMPTY_NAME(400, "a field without a name"),
  SPACE_BEFORE_COLON(400, "whitespace in a field name or before its colon"),
  INVALID_NAME(400, "a field name that is not a token"),
  MISSING_COLON(400, "a field line without a colon"),
  INVALID_CONTENT_LENGTH(400, "a Content-Length that is not one decimal number"),
  REPEATED_CONTENT_LENGTH(400, "more than one Content-Length"),
  LENGTH_AND_CODING(400, "both Content-Length and Transfer-Encoding"),
  INVALID_CODING(
      400, "a Transfer-Encoding that is malformed, repeated, or does not end with chunked"),
  UNKNOWN_CODING(501, "a Transfer-Encoding other than chunked"),
  CODING_IN_HTTP_1_0(400, "a Transfer-Encoding in an HTTP/1.0 message"),
  BODY_NOT_ALLOWED(400, "a body announced by an answer that cannot have one"),
  TOO_MANY_CONNECTION_OPTIONS(400, "too many names in Connection"),
  MISSING_HOST(400, "no Host in an HTTP/1.1 request"),
  REPEATED_HOST(400, "more than one Host"),
  INVALID_HOST(400, "a Host that is not a host with an optional port"),
  UNKNOWN_EXPECTATION(417, "an expectation other than 100-continue");

  private final int status;
  private final String found;

  HeadError(int status, String found) {
    this.status = status;
    this.found = found;
  }

  /**
   * The status that answers a request with this fault. A faulty answer is the endpoint's fault:
   * 502, whatever this says.
   */
  public int status() {
    return status;
  }

  /** What was found, to be read after "the head has ". */
  public String found() {
    return found;
  }
}
