package io.steelyard.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyPathTest {
  @Test
  void isWrittenAsAWayThroughKeysAndItems() {
    var route = KeyPath.ROOT.key("listeners").key("web").key("routes").item(1);
    assertThat(route.key("pool")).hasToString("listeners.web.routes[1].pool");
    assertThat(KeyPath.ROOT).hasToString("");
    assertThat(KeyPath.ROOT.item(0)).hasToString("[0]");
  }

  @Test
  void quotesKeysThatCouldBeMisread() {
    assertThat(KeyPath.ROOT.key("pools").key("a.b").key("retries"))
        .hasToString("pools['a.b'].retries");
    assertThat(KeyPath.ROOT.key("\n")).hasToString("['\\u000a']");
  }
}
