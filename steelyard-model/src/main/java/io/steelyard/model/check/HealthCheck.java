package io.steelyard.model.check;

import com.google.re2j.Pattern;
import io.steelyard.model.AgentProbeSpec;
import io.steelyard.model.CommandProbeSpec;
import io.steelyard.model.DnsProbeSpec;
import io.steelyard.model.Durations;
import io.steelyard.model.GrpcProbeSpec;
import io.steelyard.model.HealthSpec;
import io.steelyard.model.HttpProbeSpec;
import io.steelyard.model.HttpStepsProbeSpec;
import io.steelyard.model.IcmpProbeSpec;
import io.steelyard.model.JsonPath;
import io.steelyard.model.KeyPath;
import io.steelyard.model.LdapProbeSpec;
import io.steelyard.model.MysqlProbeSpec;
import io.steelyard.model.PassiveHealthSpec;
import io.steelyard.model.PostgresqlProbeSpec;
import io.steelyard.model.ProbeSpec;
import io.steelyard.model.Quote;
import io.steelyard.model.RedisProbeSpec;
import io.steelyard.model.SavedValue;
import io.steelyard.model.Shape;
import io.steelyard.model.SmtpProbeSpec;
import io.steelyard.model.TcpProbeSpec;
import io.steelyard.model.UdpProbeSpec;
import io.steelyard.model.Words;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what is wrong with a pool's probes and with its passive health. */
final class HealthCheck {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)\\}");

  private final Findings findings;

  HealthCheck(Findings findings) {
    this.findings = findings;
  }

  void health(HealthSpec health, KeyPath path) {
    var probes = health.probes();
    if (probes.size() != 1 && !findings.source().isDoubtful(path)) {
      findings.error(
          path,
          (probes.isEmpty() ? "has no probe" : "has " + probes.size() + " probes")
              + ", expected exactly one of "
              + Words.alternatives(Shape.of(HealthSpec.class).exactlyOne()));
    }
    times(health, path);
    probes.forEach(probe -> probe(probe, path));
  }

  private void times(HealthSpec health, KeyPath path) {
    shorter(health.interval(), health.timeout(), path.key("interval"));
    var fast = health.fastInterval();
    if (fast != null) {
      shorter(fast, health.timeout(), path.key("fast-interval"));
    }
    if (fast != null && fast.compareTo(health.interval()) > 0) {
      findings.error(
          path.key("fast-interval"),
          "is "
              + Durations.format(fast)
              + ", expected no more than the interval, "
              + Durations.format(health.interval()));
    }
  }

  private void shorter(Duration interval, Duration timeout, KeyPath path) {
    if (interval.compareTo(timeout) < 0) {
      findings.error(
          path,
          "is "
              + Durations.format(interval)
              + ", shorter than the timeout, expected at least "
              + Durations.format(timeout));
    }
  }

  private void probe(ProbeSpec probe, KeyPath path) {
    switch (probe) {
      case TcpProbeSpec tcp -> {
        var here = path.key("tcp");
        oneSend(tcp.send(), tcp.sendHex(), here);
        regex(tcp.expectRegex(), here.key("expect-regex"), 0);
      }
      case UdpProbeSpec udp -> {
        var here = path.key("udp");
        oneSend(udp.send(), udp.sendHex(), here);
        regex(udp.expectRegex(), here.key("expect-regex"), 0);
      }
      case HttpProbeSpec http -> http(http, path.key("http"), Set.of());
      case HttpStepsProbeSpec steps -> steps(steps.steps(), path.key("http-steps"));
      case CommandProbeSpec command -> command(command, path.key("command"));
      case DnsProbeSpec dns -> dns(dns, path.key("dns"));
      case AgentProbeSpec _,
          GrpcProbeSpec _,
          IcmpProbeSpec _,
          LdapProbeSpec _,
          MysqlProbeSpec _,
          PostgresqlProbeSpec _,
          RedisProbeSpec _,
          SmtpProbeSpec _ -> {}
    }
  }

  private void oneSend(@Nullable String send, @Nullable String sendHex, KeyPath path) {
    if (send != null && sendHex != null) {
      findings.error(path.key("send-hex"), "stands beside 'send', expected one of the two");
    }
  }

  private void regex(@Nullable String regex, KeyPath path, int groups) {
    RegularExpression.check(regex, groups, path, findings);
  }

  private void json(@Nullable String json, KeyPath path) {
    if (json == null) {
      return;
    }
    try {
      JsonPath.parse(json);
    } catch (IllegalArgumentException e) {
      findings.error(path, String.valueOf(e.getMessage()));
    }
  }

  private void steps(List<HttpProbeSpec> steps, KeyPath path) {
    Set<String> saved = new HashSet<>();
    for (int i = 0; i < steps.size(); i++) {
      http(steps.get(i), path.item(i), Set.copyOf(saved));
      saved.addAll(steps.get(i).save().keySet());
    }
  }

  private void http(HttpProbeSpec http, KeyPath path, Set<String> saved) {
    regex(http.expectBodyRegex(), path.key("expect-body-regex"), 0);
    var json = http.expectJson();
    if (json != null) {
      json(json.path(), path.key("expect-json").key("path"));
    }
    http.headers()
        .forEach((name, value) -> {
          var here = path.key("headers").key(name);
          if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff))) {
            findings.error(
                here, Quote.of(value) + " has control characters, expected one line of text");
          }
          variables(value, here, saved);
        });
    variables(http.path(), path.key("path"), saved);
    variables(http.body(), path.key("body"), saved);
    http.save().forEach((name, value) -> saved(value, path.key("save").key(name)));
  }

  private void saved(SavedValue value, KeyPath path) {
    long given =
        Stream.of(value.json() != null, value.regex() != null, value.header() != null)
            .filter(is -> is)
            .count();
    if (given != 1 && !findings.source().isDoubtful(path)) {
      findings.error(
          path, "has " + given + " of json, regex and header, expected exactly one of them");
    }
    json(value.json(), path.key("json"));
    regex(value.regex(), path.key("regex"), 1);
  }

  private void variables(@Nullable String text, KeyPath path, Set<String> saved) {
    var matcher = VARIABLE.matcher(text == null ? "" : text);
    while (matcher.find()) {
      if (!saved.contains(matcher.group(1))) {
        findings.error(
            path,
            Quote.of(matcher.group())
                + " is not known here, expected a value that an earlier step saves");
      }
    }
  }

  private void command(CommandProbeSpec command, KeyPath path) {
    if (!command.command().isEmpty() && !command.command().getFirst().startsWith("/")) {
      findings.error(
          path.key("command").item(0),
          Quote.of(command.command().getFirst()) + " is no absolute path, expected /...");
    }
  }

  private void dns(DnsProbeSpec dns, KeyPath path) {
    boolean addresses = dns.type() == DnsProbeSpec.Type.A || dns.type() == DnsProbeSpec.Type.AAAA;
    if (dns.expectAddress() != null && !addresses) {
      findings.error(
          path.key("expect-address"), "stands beside another type, expected type a or aaaa");
    }
  }

  void passive(PassiveHealthSpec passive, KeyPath path) {
    if (passive.longestEjection().compareTo(passive.ejectionTime()) < 0) {
      findings.error(
          path.key("longest-ejection"),
          "is "
              + Durations.format(passive.longestEjection())
              + ", shorter than the first ejection, expected at least "
              + Durations.format(passive.ejectionTime()));
    }
    if (passive.consecutiveErrors() == 0 && passive.errorRate() == 0 && passive.slowFactor() == 0) {
      findings.warning(path, "never ejects: consecutive-errors, error-rate and slow-factor are 0");
    }
    if (passive.slowFactor() == 1) {
      findings.error(path.key("slow-factor"), "is 1, expected 0 or at least 2");
    }
  }
}
