package io.steelyard.proxy.http;

import io.steelyard.codec.http1.ChunkScanner;
import io.steelyard.codec.http1.HeadLimits;
import io.steelyard.codec.http1.ResponseHead;

/** What an endpoint connection needs while an answer is due, and only then: its parsers. */
final class Http1Answer {
  /** What an endpoint's head may be at most: endpoints are trusted, not to be endless. */
  static final HeadLimits LIMITS = new HeadLimits(64 * 1024, 256, 8 * 1024);

  private static final int CHUNK_LIMIT = 16 * 1024;

  final ResponseHead head = new ResponseHead();
  final BodyProgress body = new BodyProgress(new ChunkScanner(CHUNK_LIMIT));
}
