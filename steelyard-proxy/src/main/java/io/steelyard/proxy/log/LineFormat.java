package io.steelyard.proxy.log;

/** Writes a request as one line. Used by one thread; may keep what it needs from line to line. */
sealed interface LineFormat permits JsonFormat, CombinedFormat {
  /** Appends the line, its line feed included; there is no other one in it. */
  void append(LoggedRequest request, LineBuffer out);
}
