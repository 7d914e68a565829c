package io.steelyard.codec.http1;

/** Why a chunked body was refused. */
public enum ChunkError {
  INVALID_SIZE(400, "a chunk size that is not hexadecimal digits"),
  SIZE_TOO_LARGE(400, "a chunk size of more than 16 digits or 2^60 bytes"),
  INVALID_EXTENSION(400, "a control character or whitespace in the wrong place after a chunk size"),
  EXTENSIONS_TOO_LARGE(400, "more chunk extensions than the limit"),
  MISSING_DATA_END(400, "a chunk that is longer than its size"),
  BARE_CR(400, "a carriage return without a line feed"),
  BARE_LF(400, "a line feed without a carriage return"),
  INVALID_TRAILER(400, "a trailer field that is not a name, a colon and a value"),
  TRAILERS_TOO_LARGE(431, "more trailer fields than the limit");

  private final int status;
  private final String found;

  ChunkError(int status, String found) {
    this.status = status;
    this.found = found;
  }

  /** The status that answers a request with this fault. */
  public int status() {
    return status;
  }

  /** What was found, to be read after "the body has ". */
  public String found() {
    return found;
  }
}
