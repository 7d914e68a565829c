package io.steelyard.model.check;

import io.steelyard.model.Cidr;
import io.steelyard.model.KeyPath;
import io.steelyard.model.PacketProtection;
import io.steelyard.model.PacketRuleSpec;
import io.steelyard.model.PacketServiceSpec;
import io.steelyard.model.Quote;

/** Finds what is wrong with who may not come in by the packet plane. */
final class PacketProtectionCheck {
  private static final int MOST_RULES = 64;
  private static final int LAST_PORT = 65_535;

  private final PacketProtection protection;
  private final KeyPath path;
  private final Findings findings;

  PacketProtectionCheck(PacketProtection protection, KeyPath path, Findings findings) {
    this.protection = protection;
    this.path = path;
    this.findings = findings;
  }

  void all() {
    allowed();
    rules();
    file();
  }

  private void allowed() {
    for (int i = 0; i < protection.allow().size(); i++) {
      var network = protection.allow().get(i);
      var here = path.key("allow").item(i);
      if (protection.deny().contains(network)) {
        findings.error(here, network + " is denied, too, expected one of the two");
      } else if (protection.file() == null
          && protection.deny().stream().noneMatch(larger -> holds(larger, network))) {
        findings.warning(
            here, network + " is within no network that is denied: it may come in anyway");
      }
    }
  }

  private void file() {
    var file = protection.file();
    if (file != null && !file.startsWith("/")) {
      findings.error(
          path.key("file"),
          Quote.of(file) + " is no absolute path, expected one such as /etc/steelyard/networks");
    }
  }

  private void rules() {
    var here = path.key("rules");
    if (protection.rules().size() > MOST_RULES) {
      findings.error(
          here, "are " + protection.rules().size() + ", expected " + MOST_RULES + " at most");
    }
    for (int i = 0; i < protection.rules().size(); i++) {
      rule(protection.rules().get(i), here.item(i));
    }
  }

  private void rule(PacketRuleSpec rule, KeyPath here) {
    range(rule.firstPort(), rule.lastPort(), here.key("first-port"));
    range(rule.firstSourcePort(), rule.lastSourcePort(), here.key("first-source-port"));
    var source = rule.source();
    var destination = rule.destination();
    if (source != null
        && destination != null
        && source.first().length != destination.first().length) {
      findings.error(
          here.key("destination"),
          destination
              + " is of another family than the source, "
              + source
              + ": no packet is like this");
    }
    boolean ports =
        rule.firstPort() > 0
            || rule.lastPort() < LAST_PORT
            || rule.firstSourcePort() > 0
            || rule.lastSourcePort() < LAST_PORT;
    if (rule.transport() == PacketServiceSpec.Transport.ICMP && ports) {
      findings.error(here.key("transport"), "has no ports, expected tcp or udp beside ports");
    }
  }

  private void range(int first, int last, KeyPath here) {
    if (first > last) {
      findings.error(here, "is " + first + ", expected no more than the last, " + last);
    }
  }

  private static boolean holds(Cidr larger, Cidr smaller) {
    byte[] outer = larger.first();
    byte[] inner = smaller.first();
    if (outer.length != inner.length || larger.bits() >= smaller.bits()) {
      return false;
    }
    for (int i = 0; i < larger.bits(); i++) {
      if (((outer[i / 8] ^ inner[i / 8]) >> (7 - i % 8) & 1) != 0) {
        return false;
      }
    }
    return true;
  }
}
