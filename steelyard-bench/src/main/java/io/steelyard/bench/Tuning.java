package io.steelyard.bench;

import com.fasterxml.jackson.annotation.JsonValue;

/** How the peers are tuned for large bodies; for the rest there is nothing to choose. */
enum Tuning implements Named {
  /** nginx {@code proxy_buffers 8 128k}; HAProxy {@code tune.bufsize 131072} and splice. */
  LARGE_BUFFERS("large-buffers"),
  /**
   * nginx {@code proxy_buffers 8 16k}; HAProxy splice with its default buffers: buffers that stay
   * in the processor's cache. On the machine this was written on both peers need about a quarter
   * less CPU per MB than with large buffers.
   */
  CACHE_SIZED("cache-sized");

  private final String label;

  Tuning(String label) {
    this.label = label;
  }

  @JsonValue
  @Override
  public String label() {
    return label;
  }
}
