package io.steelyard.server.admin;

import io.steelyard.server.admin.ReadySource.Readiness;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/** What is served where. {@code openapi.yaml} describes the same paths; a test compares the two. */
final class AdminPages {
  private AdminPages() {}

  static Map<String, Supplier<Answer>> routes(AdminSources sources, InstantSource clock) {
    StatusReporter reporter = new StatusReporter(sources, clock);
    MetricsPage metrics = new MetricsPage(sources);
    Answer openApi = new Answer(200, "application/yaml", resource("openapi.yaml"));
    return Map.of(
        "/", () -> OverviewPage.answer(reporter.report()),
        "/metrics", metrics::answer,
        "/livez", () -> Answer.line(200, "alive"),
        "/readyz", () -> ready(sources.ready().readiness()),
        "/v1/ipvs", () -> new Answer(200, "text/plain; charset=utf-8", sources.packet().ipvs()),
        "/v1/status", () -> new Answer(200, "application/json", Json.write(reporter.report())),
        "/openapi.yaml", () -> openApi);
  }

  private static Answer ready(Readiness readiness) {
    return Answer.line(readiness.ready() ? 200 : 503, readiness.text());
  }

  private static String resource(String name) {
    try (InputStream in = AdminPages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
