package io.steelyard.bench;

import com.fasterxml.jackson.annotation.JsonValue;

/** Which processors the three parties run on. */
enum Setting implements Named {
  /**
   * Client, proxy and endpoints share one core, which is therefore saturated: requests per second
   * then confirm the CPU figure. The cleanest setting.
   */
  ONE_CORE("one-core"),
  /** The proxy has a core to itself; it may be half idle, and then pays for its sleeps. */
  TWO_CORE("two-core");

  private final String label;

  Setting(String label) {
    this.label = label;
  }

  @JsonValue
  @Override
  public String label() {
    return label;
  }
}
