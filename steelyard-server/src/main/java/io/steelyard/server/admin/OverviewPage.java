package io.steelyard.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.steelyard.server.admin.StatusReport.Endpoint;
import io.steelyard.server.admin.StatusReport.Listener;
import io.steelyard.server.admin.StatusReport.Pool;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /}: the status as tables, and links to the rest. One page, no script. */
final class OverviewPage {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
      body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
      h1, h2 { font-weight: 600; }
      nav a { margin-right: 1rem; }
      div { overflow-x: auto; }
      table { border-collapse: collapse; width: 100%; }
      th, td { border-bottom: 1px solid #8884; padding: .3rem .6rem; text-align: left; white-space: nowrap; }
      td.n { font-variant-numeric: tabular-nums; text-align: right; }
      """;

  /** Nothing but this style: no script, no image, no frame, wherever a name may come from. */
  private static final Map<String, String> FIELDS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src '"
              + sha256(STYLE)
              + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Referrer-Policy",
          "no-referrer");

  private static final List<String> LINKS =
      List.of("/metrics", "/livez", "/readyz", "/v1/status", "/v1/ipvs", "/openapi.yaml");

  private OverviewPage() {}

  static Answer answer(StatusReport report) {
    return new Answer(200, "text/html; charset=utf-8", html(report), FIELDS);
  }

  private static String html(StatusReport report) {
    Html html = new Html();
    html.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .markup(
            "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Steelyard</title>\n<style>")
        .markup(STYLE)
        .markup("</style>\n</head>\n<body>\n<h1>Steelyard</h1>\n");
    summary(html, report);
    LINKS.forEach(link -> html.markup("<a href=\"" + link + "\">" + link + "</a>\n"));
    html.markup("</nav>\n");
    listeners(html, report.listeners());
    report.pools().forEach(pool -> pool(html, pool));
    PacketState packet = report.packet();
    if (packet != null) {
      PacketTables.write(html, packet);
    }
    return html.markup("</body>\n</html>\n").toString();
  }

  private static void summary(Html html, StatusReport report) {
    html.markup("<p>")
        .text(
            "Version %s, up %s, %s, %d event loops. State: %s."
                .formatted(
                    report.version(),
                    uptime(Duration.ofMillis((long) (report.uptimeSeconds() * 1e3))),
                    report.transport(),
                    report.loops(),
                    report.readiness()))
        .markup("</p>\n");
    StatusReport.AccessLog log = report.accessLog();
    if (log != null && log.dropped() + log.lost() > 0) {
      html.markup("<p>")
          .text(
              "Access log: %d records dropped, %d lines lost.".formatted(log.dropped(), log.lost()))
          .markup("</p>\n");
    }
    html.markup("<nav>\n");
  }

  private static String uptime(Duration up) {
    return up.toDays() > 0
        ? "%d d %d h".formatted(up.toDays(), up.toHoursPart())
        : up.toHours() > 0
            ? "%d h %d min".formatted(up.toHours(), up.toMinutesPart())
            : "%d min %d s".formatted(up.toMinutes(), up.toSecondsPart());
  }

  private static void listeners(Html html, List<Listener> listeners) {
    html.markup("<h2>Listeners</h2>\n<div>")
        .table(
            List.of(
                "Name",
                "Address",
                "Protocol",
                "Active",
                "Idle",
                "Requests",
                "2xx",
                "4xx",
                "5xx",
                "Malformed",
                "Bytes in",
                "Bytes out",
                "p50 ms",
                "p99 ms"),
            listeners.stream().map(OverviewPage::row).toList())
        .markup("</div>\n");
  }

  private static List<Object> row(Listener listener) {
    return List.of(
        listener.name(),
        listener.address(),
        listener.protocol(),
        listener.connections().active(),
        listener.connections().idle(),
        listener.requests(),
        count(listener.answers(), "2xx"),
        count(listener.answers(), "4xx"),
        count(listener.answers(), "5xx"),
        listener.malformed(),
        listener.bytesIn(),
        listener.bytesOut(),
        listener.latency().p50Ms(),
        listener.latency().p99Ms());
  }

  private static void pool(Html html, Pool pool) {
    html.markup("<h2>")
        .text("Pool " + pool.name())
        .markup("</h2>\n<p>")
        .text(
            "%s, %d retries, %d requests without an endpoint%s"
                .formatted(
                    pool.balancer(), pool.retries(), pool.noEndpoint(), health(pool.health())))
        .markup("</p>\n<div>")
        .table(
            List.of(
                "Endpoint",
                "Wish",
                "Health",
                "Weight",
                "In flight",
                "Active",
                "Idle",
                "Requests",
                "2xx",
                "4xx",
                "5xx",
                "Connect errors",
                "Resets",
                "Timeouts",
                "p50 ms",
                "p99 ms"),
            pool.endpoints().stream().map(OverviewPage::row).toList())
        .markup("</div>\n");
  }

  private static String health(HealthStatus.@Nullable Pool health) {
    return health == null
        ? ""
        : ", %s with %d usable endpoints%s, availability %.3f %%"
            .formatted(
                health.health(),
                health.usable(),
                health.panic() ? " (panic: all are used)" : "",
                health.availability().ratio() * 100);
  }

  private static String health(HealthStatus.@Nullable Endpoint health) {
    return health == null ? "" : health.health() + " (" + health.reason() + ")";
  }

  private static List<Object> row(Endpoint endpoint) {
    return List.of(
        endpoint.name(),
        endpoint.wish(),
        health(endpoint.health()),
        endpoint.weight(),
        endpoint.inFlight(),
        endpoint.connections().active(),
        endpoint.connections().idle(),
        endpoint.requests(),
        count(endpoint.answers(), "2xx"),
        count(endpoint.answers(), "4xx"),
        count(endpoint.answers(), "5xx"),
        endpoint.connections().failed() + endpoint.connections().timedOut(),
        endpoint.resets(),
        endpoint.responseTimeouts(),
        endpoint.latency().p50Ms(),
        endpoint.latency().p99Ms());
  }

  private static long count(Map<String, Long> answers, String answerClass) {
    return answers.getOrDefault(answerClass, 0L);
  }

  private static String sha256(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java has it.
    }
  }
}
