package io.steelyard.proxy.http;

import io.steelyard.codec.http1.ChunkScanner;
import io.steelyard.codec.http1.HeadLimits;
import io.steelyard.codec.http1.Method;
import io.steelyard.codec.http1.ResponseHead;

/** What an endpoint connection needs while an answer is due, and only then: its parsers. */
final class Http1Answer {
  /** What an endpoint's head may be at most: endpoints are trusted, not to be endless. */
  static final HeadLimits LIMITS = new HeadLimits(64 * 1024, 256, 8 * 1024);

  /** Interim answers (1xx) before the final one: progress is fine, a flood is not. */
  static final int MOST_INTERIM = 100;

  private static final int CHUNK_LIMIT = 16 * 1024;

  final ResponseHead head = new ResponseHead();
  final BodyProgress body = new BodyProgress(new ChunkScanner(CHUNK_LIMIT));
  int interims;

  /** Gets ready for the answer to a request with this method. */
  void begin(Method method) {
    head.parseFor(method);
    interims = 0;
  }
}
