package io.steelyard.model.read;

import java.util.List;

/** What the tests of reading share. */
final class Reading {
  /** A configuration without findings; tests add what they are about. */
  static final String POOLS = "pools: { site: { endpoints: [10.0.0.1:80] } }\n";

  static final String LISTENERS = "listeners: { web: { address: \":8080\", pool: site } }\n";

  private Reading() {}

  static ReadResult read(String text) {
    return new ConfigReader().readString("test", text);
  }

  /** The findings of a text as lines that begin with its line and column. */
  static List<String> findings(String text) {
    return read(text).lines().stream().map(line -> line.substring("test:".length())).toList();
  }
}
