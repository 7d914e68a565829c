package io.steelyard.server.admin;

import io.prometheus.metrics.model.snapshots.Labels;
import io.steelyard.net.tls.CertificateReport;
import io.steelyard.proxy.stats.ListenerStats;
import java.time.Instant;

/** The metrics of a listener's HTTP/2 and TLS. */
final class EncryptionMetrics {
  /** More certificates than these are told of by the first to expire alone. */
  private static final int MOST_CERTIFICATES = 100;

  private EncryptionMetrics() {}

  static void listener(
      MetricFamilies families, RunningState.Listener listener, ListenerStats stats) {
    Labels labels = Labels.of("listener", listener.name());
    http2(families, labels, stats);
    RunningState.Encryption encryption = listener.encryption();
    if (encryption != null) {
      handshakes(families, labels, stats);
      tls(families, labels, encryption);
    }
  }

  private static void http2(MetricFamilies families, Labels labels, ListenerStats stats) {
    families.counter(
        "steelyard_listener_http2_connections",
        "Connections that spoke HTTP/2.",
        labels,
        stats.http2Connections.value());
    families.counter(
        "steelyard_listener_http2_connection_errors",
        "HTTP/2 connections closed because the client broke a rule or a limit.",
        labels,
        stats.http2Errors.value());
    families.counter(
        "steelyard_listener_http2_stream_errors",
        "HTTP/2 requests reset because they broke a rule or a limit.",
        labels,
        stats.http2StreamErrors.value());
    families.counter(
        "steelyard_listener_http2_resets",
        "HTTP/2 requests that clients reset.",
        labels,
        stats.http2Resets.value());
  }

  private static void handshakes(MetricFamilies families, Labels labels, ListenerStats stats) {
    String name = "steelyard_tls_handshakes";
    String help = "TLS handshakes that ended well.";
    families.counter(name, help, labels.add("version", "1.2"), stats.handshakes12.value());
    families.counter(name, help, labels.add("version", "1.3"), stats.handshakes13.value());
    String failed = "steelyard_tls_failed_handshakes";
    String why = "TLS handshakes that did not end well.";
    families.counter(failed, why, labels.add("cause", "failed"), stats.failedHandshakes.value());
    families.counter(failed, why, labels.add("cause", "timeout"), stats.slowHandshakes.value());
    families.counter(failed, why, labels.add("cause", "no-tls"), stats.plainOnTls.value());
    families.counter(
        "steelyard_tls_broken_connections",
        "Connections whose TLS was broken after its handshake, or that wanted to renegotiate.",
        labels,
        stats.brokenTls.value());
  }

  private static void tls(
      MetricFamilies families, Labels labels, RunningState.Encryption encryption) {
    families.counter(
        "steelyard_tls_resumed_handshakes",
        "TLS handshakes that went on from a session ticket.",
        labels,
        encryption.resumed());
    families.counter(
        "steelyard_tls_failed_reloads",
        "Changed files of certificates or keys that could not be used.",
        labels,
        encryption.failedReloads());
    families.gauge(
        "steelyard_tls_stapled_certificates",
        "Certificates that go out with a current OCSP response of their issuer.",
        labels,
        encryption.stapled());
    families.counter(
        "steelyard_tls_failed_staples",
        "OCSP responses that could not be had or used.",
        labels,
        encryption.failedStaples());
    Instant first =
        encryption.certificates().stream()
            .map(CertificateReport::notAfter)
            .min(Instant::compareTo)
            .orElse(Instant.MAX);
    families.gauge(
        "steelyard_tls_next_expiry_timestamp_seconds",
        "When the first certificate expires, in seconds since 1970.",
        labels,
        first.getEpochSecond());
    encryption.certificates().stream()
        .limit(MOST_CERTIFICATES)
        .forEach(certificate ->
            families.gauge(
                "steelyard_tls_certificate_expiry_timestamp_seconds",
                "When the certificate expires, in seconds since 1970; the first hundred.",
                labels.add("certificate", certificate.file()),
                certificate.notAfter().getEpochSecond()));
  }
}
