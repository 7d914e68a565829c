package io.steelyard.model.read;

import static io.steelyard.model.read.Reading.LISTENERS;
import static io.steelyard.model.read.Reading.POOLS;
import static io.steelyard.model.read.Reading.findings;
import static io.steelyard.model.read.Reading.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.check.Validator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Texts that are not YAML, or YAML of a kind that no configuration is. */
@Timeout(20)
class BadYamlTest {
  @Test
  void prose() {
    assertThat(findings("hello world"))
        .containsExactly(
            "1:1: error: found 'hello world', expected a map with admin, transport, event-loops, shutdown-timeout,"
                + " access-log, listeners, pools, zone, packet or simulation");
  }

  @Test
  void unfinishedQuote() {
    assertThat(findings("admin: {}\nlisteners: \"x\n"))
        .containsExactly(
            "3:1: error: is not YAML: while scanning a quoted scalar (which begins at line 2:12): found unexpected end of"
                + " stream");
  }

  @Test
  void strayColon() {
    assertThat(findings("admin: address: 1"))
        .containsExactly(
            "1:15: error: is not YAML: a ':' that cannot be here, expected another indentation, or quotes around a text"
                + " with ': '");
  }

  @Test
  void tabs() {
    var expected =
        " error: a tab is not permitted here, expected spaces: YAML is indented with spaces";
    assertThat(findings("listeners:\n\tweb:\n\t\taddress: :80\n"))
        .containsExactly("2:1:" + expected);
    assertThat(findings("listeners:\n  web:\n  \taddress: :80\n"))
        .containsExactly("3:3:" + expected);
    assertThat(findings("listeners:\n  web:\n    address: :80\n\tpool: a\n"))
        .containsExactly("4:1:" + expected);
  }

  @Test
  void tabsWithinALineAreHarmless() {
    assertThat(findings(LISTENERS + POOLS + "transport: nio\t#\tx\n")).isEmpty();
  }

  @Test
  void ipv6WithoutQuotes() {
    assertThat(findings("admin:\n  address: [::1]:80\n"))
        .singleElement()
        .asString()
        .startsWith("2:13: error: is not YAML: ")
        .endsWith("(an IPv6 address has to be quoted: \"[::1]:80\")");
  }

  @Test
  void addressWithoutHostInBraces() {
    assertThat(findings("admin: { address: :80 }"))
        .containsExactly(
            "1:19: error: is not YAML: while parsing a flow node (which begins at line 1:19): expected the node content, but"
                + " found ':' (within { } and [ ] an address without a host has to be quoted: \":80\")");
  }

  @Test
  void duplicateKey() {
    assertThat(findings(LISTENERS + POOLS + POOLS))
        .containsExactly(
            "3:1: error: pools: is given twice, expected once; it is already at line 2:1");
    assertThat(findings(LISTENERS + "pools:\n  site:\n    endpoints: [a:1]\n    'endpoints': []\n"))
        .containsExactly(
            "5:5: error: pools.site.endpoints: is given twice, expected once; it is already at line 4:5");
  }

  @Test
  void secondDocument() {
    assertThat(findings(LISTENERS + POOLS + "---\na: 1\n"))
        .containsExactly(
            "3:1: error: a second document begins here, expected one document in a file");
  }

  @Test
  void billionLaughs() {
    var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      bomb.append(("*a" + (i - 1) + ", ").repeat(10)).append("]\n");
    }
    assertThat(findings(bomb.toString()))
        .containsExactly(
            "6:45: error: there are more than 1000000 values once all aliases are followed, expected fewer");
  }

  @Test
  void deepAliases() {
    var text = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 100; i++) {
      text.append("a%d: &a%d [*a%d]%n".formatted(i, i, i - 1));
    }
    assertThat(findings(text.toString()))
        .containsExactly(
            "64:12: error: lists and maps lie more than 64 levels deep in each other, expected fewer");
  }

  @Test
  void aliasToItself() {
    assertThat(findings("a: &a [*a]"))
        .containsExactly(
            "1:8: error: alias 'a' lies inside of what it stands for, expected it after that");
    assertThat(findings("a: *b"))
        .containsExactly(
            "1:4: error: alias 'b' stands for nothing, expected an anchor of this name before it");
  }

  @Test
  void deepNesting() {
    assertThat(findings("[".repeat(1_000_000)))
        .containsExactly(
            "1:65: error: lists and maps lie more than 64 levels deep in each other, expected fewer");
    assertThat(findings("{a: ".repeat(500_000))).hasSize(1);
    assertThat(findings("- ".repeat(500_000))).hasSize(1);
  }

  @Test
  void collectionsAsKeys() {
    var expected = " error: a list or map cannot be a key, expected a word";
    assertThat(findings("? [a]\n: b\n")).containsExactly("1:3:" + expected);
    assertThat(findings("a: &a [x]\n*a : b\n")).containsExactly("2:1:" + expected);
  }

  @Test
  void missingKeysTagsAndMergeKeys() {
    assertThat(findings(LISTENERS + POOLS + "?\n: x\n"))
        .containsExactly("3:2: error: a value has no key, expected one before the ':'");
    assertThat(findings(LISTENERS + POOLS + "<<: {}\n"))
        .containsExactly(
            "3:1: error: the merge key << is not part of YAML 1.2, expected the keys themselves");
    assertThat(findings(LISTENERS + POOLS + "transport: !!str nio\n"))
        .containsExactly(
            "3:12: error: transport: has the tag 'tag:yaml.org,2002:str', expected a value without a tag");
  }

  @Test
  void characters() {
    assertThat(findings("a: \u0007"))
        .containsExactly("1:4: error: character U+0007 is not permitted, expected text");
    assertThat(findings("a: \ud800"))
        .containsExactly("1:4: error: character U+D800 is not permitted, expected text");
  }

  @Test
  void tooLong() {
    assertThat(read(" ".repeat(ConfigFile.LARGEST + 1)).lines())
        .containsExactly(
            "test: error: is larger than a configuration can be, expected at most 4MiB");
  }

  @Test
  void longTokensTakeNoLongTime() {
    assertThat(findings("a".repeat(ConfigFile.LARGEST))).hasSize(1);
    assertThat(findings("a: |\n  " + "x ".repeat(ConfigFile.LARGEST / 2 - 10))).hasSize(3);
    assertThat(
            findings(
                "listeners: {w: {address: a:1, routes: [{match: {path-prefix: /"
                    + "x".repeat(4_000_000)
                    + "}}]}}"))
        .isNotEmpty();
    assertThat(
            findings(
                "listeners: {w: {address: a:1, routes: [{match: {host: "
                    + "a.".repeat(2_000_000)
                    + "}}]}}"))
        .isNotEmpty();
  }

  @Test
  void countlessFindingsAreCutShort() {
    var text = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      text.append("key").append(i).append(": 1\n");
    }
    var lines = findings(text.toString());
    assertThat(lines).hasSize(Validator.MOST_FINDINGS + 1);
    assertThat(lines.getLast()).endsWith("there are more findings, these are the first 200");
  }
}
