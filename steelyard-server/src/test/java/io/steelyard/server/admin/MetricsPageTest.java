package io.steelyard.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.proxy.stats.Reason;
import io.steelyard.proxy.stats.Stats;
import io.steelyard.server.admin.ReadySource.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "(?<series>(?<name>steelyard_[a-z0-9_]+)(\\{(,?[a-z]+=\"([^\"\\\\]|\\\\[\\\\\"n])*\")+\\})?)"
              + " (?<value>[0-9.E-]+|\\+Inf)");
  private static final Pattern COMMENT =
      Pattern.compile(
          "# (HELP steelyard_[a-z0-9_]+ .+|TYPE steelyard_[a-z0-9_]+ (counter|gauge|histogram))");

  private static List<String> lines(AdminSources sources) {
    return new MetricsPage(sources).answer().body().lines().toList();
  }

  private static List<String> samples(AdminSources sources, String prefix) {
    return lines(sources).stream().filter(line -> line.startsWith(prefix)).toList();
  }

  @Test
  void listener() {
    assertThat(samples(Sample.sources(), "steelyard_listener_"))
        .filteredOn(line -> !line.contains("_duration_") && !line.contains("_failures_"))
        .containsExactlyInAnyOrder(
            "steelyard_listener_active_connections{listener=\"web\"} 5.0",
            "steelyard_listener_answers_total{class=\"1xx\",listener=\"web\"} 0.0",
            "steelyard_listener_answers_total{class=\"2xx\",listener=\"web\"} 10.0",
            "steelyard_listener_answers_total{class=\"3xx\",listener=\"web\"} 0.0",
            "steelyard_listener_answers_total{class=\"4xx\",listener=\"web\"} 1.0",
            "steelyard_listener_answers_total{class=\"5xx\",listener=\"web\"} 0.0",
            "steelyard_listener_answers_total{class=\"other\",listener=\"web\"} 0.0",
            "steelyard_listener_connections_total{listener=\"web\"} 9.0",
            "steelyard_listener_http2_connection_errors_total{listener=\"web\"} 0.0",
            "steelyard_listener_http2_connections_total{listener=\"web\"} 0.0",
            "steelyard_listener_http2_resets_total{listener=\"web\"} 0.0",
            "steelyard_listener_http2_stream_errors_total{listener=\"web\"} 0.0",
            "steelyard_listener_idle_connections{listener=\"web\"} 3.0",
            "steelyard_listener_malformed_requests_total{listener=\"web\"} 2.0",
            "steelyard_listener_received_bytes_total{listener=\"web\"} 1000.0",
            "steelyard_listener_waited_connections_total{listener=\"web\"} 1.0",
            "steelyard_listener_requests_total{listener=\"web\"} 111.0",
            "steelyard_listener_sent_bytes_total{listener=\"web\"} 20000.0");
  }

  @Test
  void encryption() {
    assertThat(samples(Sample.sources(), "steelyard_tls_"))
        .contains(
            "steelyard_tls_resumed_handshakes_total{listener=\"web\"} 13.0",
            "steelyard_tls_failed_reloads_total{listener=\"web\"} 1.0",
            "steelyard_tls_stapled_certificates{listener=\"web\"} 2.0",
            "steelyard_tls_failed_staples_total{listener=\"web\"} 3.0",
            "steelyard_tls_next_expiry_timestamp_seconds{listener=\"web\"} 1000.0",
            "steelyard_tls_certificate_expiry_timestamp_seconds{certificate=\"/a.pem\",listener=\"web\"} 2000.0",
            "steelyard_tls_certificate_expiry_timestamp_seconds{certificate=\"/b.pem\",listener=\"web\"} 1000.0");
  }

  @Test
  void failuresHaveEveryReasonFromTheStart() {
    assertThat(samples(Sample.sources(), "steelyard_listener_failures_total"))
        .hasSize(Reason.values().length - 1)
        .contains(
            "steelyard_listener_failures_total{listener=\"web\",reason=\"no-route\"} 1.0",
            "steelyard_listener_failures_total{listener=\"web\",reason=\"connect-timeout\"} 0.0")
        .noneMatch(line -> line.contains("\"-\""));
  }

  @Test
  void latency() {
    assertThat(samples(Sample.sources(), "steelyard_listener_request_duration_seconds"))
        .containsExactly(
            bucket("1.25E-4", 0),
            bucket("2.5E-4", 0),
            bucket("5.0E-4", 0),
            bucket("0.001", 0),
            bucket("0.002", 2),
            bucket("0.004", 2),
            bucket("0.008", 2),
            bucket("0.016", 2),
            bucket("0.032", 2),
            bucket("0.064", 2),
            bucket("0.128", 2),
            bucket("0.256", 2),
            bucket("0.512", 2),
            bucket("1.024", 2),
            bucket("2.048", 2),
            bucket("4.096", 2),
            bucket("8.192", 2),
            bucket("16.384", 2),
            bucket("32.768", 2),
            bucket("+Inf", 3),
            "steelyard_listener_request_duration_seconds_count{listener=\"web\"} 3",
            "steelyard_listener_request_duration_seconds_sum{listener=\"web\"} 40.003");
  }

  private static String bucket(String bound, int count) {
    return "steelyard_listener_request_duration_seconds_bucket{listener=\"web\",le=\""
        + bound
        + "\"} "
        + count;
  }

  @Test
  void endpoint() {
    String labels = "{endpoint=\"10.0.0.11:80\",pool=\"site\"} ";
    assertThat(samples(Sample.sources(), "steelyard_endpoint_"))
        .filteredOn(line -> line.contains(labels) && !line.contains("_duration_"))
        .containsExactlyInAnyOrder(
            "steelyard_endpoint_active_connections" + labels + "8.0",
            "steelyard_endpoint_in_flight_limit" + labels + "12.0",
            "steelyard_endpoint_connect_failures_total" + labels + "1.0",
            "steelyard_endpoint_connect_timeouts_total" + labels + "2.0",
            "steelyard_endpoint_connections_total" + labels + "6.0",
            "steelyard_endpoint_idle_connections" + labels + "7.0",
            "steelyard_endpoint_in_flight_requests" + labels + "4.0",
            "steelyard_endpoint_received_bytes_total" + labels + "19000.0",
            "steelyard_endpoint_requests_total" + labels + "112.0",
            "steelyard_endpoint_resets_total" + labels + "3.0",
            "steelyard_endpoint_response_timeouts_total" + labels + "4.0",
            "steelyard_endpoint_retries_total" + labels + "5.0",
            "steelyard_endpoint_sent_bytes_total" + labels + "900.0",
            "steelyard_endpoint_weight" + labels + "1.0",
            "steelyard_endpoint_up" + labels + "1.0",
            "steelyard_endpoint_ejected" + labels + "0.0",
            "steelyard_endpoint_ejections_total" + labels + "0.0",
            "steelyard_endpoint_health_changes_total" + labels + "1.0",
            "steelyard_endpoint_availability_ratio" + labels + "1.0",
            "steelyard_endpoint_probe_seconds" + labels + "0.0015");
  }

  @Test
  void health() {
    assertThat(samples(Sample.sources(), "steelyard_endpoint_"))
        .contains(
            "steelyard_endpoint_probes_total{endpoint=\"10.0.0.11:80\",pool=\"site\",result=\"passed\"} 48.0",
            "steelyard_endpoint_probes_total{endpoint=\"10.0.0.11:80\",pool=\"site\",result=\"failed\"} 2.0",
            "steelyard_endpoint_up{endpoint=\"10.0.0.12:80\",pool=\"site\"} 0.0",
            "steelyard_endpoint_ejected{endpoint=\"10.0.0.12:80\",pool=\"site\"} 1.0",
            "steelyard_endpoint_availability_ratio{endpoint=\"10.0.0.12:80\",pool=\"site\"} 0.9");
    assertThat(samples(Sample.sources(), "steelyard_pool_"))
        .contains(
            "steelyard_pool_up{pool=\"site\"} 1.0",
            "steelyard_pool_panic{pool=\"site\"} 0.0",
            "steelyard_pool_usable_endpoints{pool=\"site\"} 1.0",
            "steelyard_pool_ejected_endpoints{pool=\"site\"} 1.0",
            "steelyard_pool_availability_ratio{pool=\"site\"} 1.0");
  }

  @Test
  void anEndpointWithoutTrafficIsThereToo() {
    assertThat(samples(Sample.sources(), "steelyard_endpoint_"))
        .contains(
            "steelyard_endpoint_requests_total{endpoint=\"10.0.0.12:80\",pool=\"site\"} 0.0",
            "steelyard_endpoint_weight{endpoint=\"10.0.0.12:80\",pool=\"site\"} 0.0");
  }

  @Test
  void poolIsTheSumOfItsEndpoints() {
    assertThat(samples(Sample.sources(), "steelyard_pool_"))
        .contains(
            "steelyard_pool_active_connections{pool=\"site\"} 8.0",
            "steelyard_pool_denied_retries_total{pool=\"site\"} 0.0",
            "steelyard_pool_idle_connections{pool=\"site\"} 7.0",
            "steelyard_pool_in_flight_requests{pool=\"site\"} 4.0",
            "steelyard_pool_no_endpoint_total{pool=\"site\"} 0.0",
            "steelyard_pool_requests_total{pool=\"site\"} 112.0",
            "steelyard_pool_retries_total{pool=\"site\"} 2.0",
            "steelyard_pool_answers_total{class=\"5xx\",pool=\"site\"} 2.0");
  }

  @Test
  void processAndJvm() {
    assertThat(lines(Sample.sources()))
        .contains(
            "steelyard_access_log_lost_total{cause=\"ring-full\"} 7.0",
            "steelyard_access_log_lost_total{cause=\"write-error\"} 3.0",
            "steelyard_event_loops 2.0",
            "steelyard_ready 1.0",
            "steelyard_build_info{java=\""
                + Runtime.version()
                + "\",transport=\"epoll\",version=\"0.1.0\"} 1")
        .anyMatch(line -> line.startsWith("steelyard_jvm_memory_used_bytes{area=\"heap\"} "))
        .anyMatch(line -> line.startsWith("steelyard_jvm_buffer_bytes{pool=\"direct\"} "))
        .anyMatch(line -> line.startsWith("steelyard_jvm_gc_collections_total{collector="))
        .anyMatch(line -> line.startsWith("steelyard_jvm_gc_seconds_total{collector="))
        .anyMatch(line -> line.startsWith("steelyard_jvm_threads "))
        .anyMatch(line -> line.startsWith("steelyard_process_cpu_seconds_total "));
  }

  @Test
  void whatTheKernelCarries() {
    var endpoint = "{endpoint=\"10.0.0.11:80\",listener=\"vip\",pool=\"site\"} ";
    assertThat(lines(Sample.sources()))
        .contains(
            "steelyard_packet_dropped_packets_total{listener=\"\",reason=\"malformed\"} 4.0",
            "steelyard_packet_dropped_packets_total{listener=\"vip\",reason=\"no-endpoint\"} 2.0",
            "steelyard_packet_access_list_networks 1000.0",
            "steelyard_packet_access_list_stale 1.0",
            "steelyard_packet_access_list_failures_total 2.0",
            "steelyard_packet_syn_cookies_total{listener=\"vip\"} 9.0",
            "steelyard_packet_syn_cookies_returned_total{listener=\"vip\"} 3.0",
            "steelyard_packet_endpoint_weight" + endpoint + "1.0",
            "steelyard_packet_endpoint_packets_total" + endpoint + "10.0",
            "steelyard_packet_endpoint_answer_bytes_total" + endpoint + "3000.0",
            "steelyard_packet_endpoint_connections_total" + endpoint + "4.0",
            "steelyard_packet_endpoint_active_connections" + endpoint + "2.0",
            "steelyard_packet_endpoint_inactive_connections" + endpoint + "1.0");
  }

  @Test
  void withoutAnAccessLogItIsNotCounted() {
    AdminSources sources =
        new AdminSources(
            () -> Sample.state("web", "site", null),
            () -> new Readiness(false, "starting"),
            new Stats(1),
            Sample.NO_WISHES,
            PacketSource.NONE);
    assertThat(lines(sources))
        .noneMatch(line -> line.contains("access_log"))
        .contains("steelyard_ready 0.0");
  }

  /** The text format: comments, then samples; each family in one block, each series once. */
  @Test
  void everyLineCanBeParsed() {
    AdminSources sources = Sample.sources("we\"b\\\n", "<秤>");
    Set<String> series = new HashSet<>();
    Set<String> families = new HashSet<>();
    String family = "";
    for (String line : lines(sources)) {
      if (line.startsWith("# TYPE ")) {
        family = line.split(" ", -1)[2];
        assertThat(families.add(family)).as(line).isTrue();
      }
      Matcher sample = SAMPLE.matcher(line);
      if (!line.startsWith("#")) {
        assertThat(line).matches(SAMPLE);
        assertThat(sample.matches()).isTrue();
        assertThat(sample.group("name")).startsWith(family);
        assertThat(series.add(sample.group("series"))).as(line).isTrue();
      } else {
        assertThat(line).matches(COMMENT);
      }
    }
    assertThat(series).hasSizeGreaterThan(100);
    assertThat(series).contains("steelyard_listener_requests_total{listener=\"we\\\"b\\\\\\n\"}");
  }

  @Test
  void operationsHasEveryMetricAndNoOther() throws IOException {
    String operations = Files.readString(Path.of("../docs/operations.md"));
    List<String> names =
        lines(Sample.sources()).stream()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ", 4)[2])
            .toList();
    assertThat(names)
        .allSatisfy(name ->
            assertThat(operations)
                .containsAnyOf(
                    "`" + name + "`",
                    // One row for pools and endpoints.
                    "`" + name.replaceFirst("steelyard_(pool|endpoint)_", "") + "`"));
    assertThat(Pattern.compile("`(steelyard_[a-z0-9_]+)`").matcher(operations).results())
        .extracting(name -> name.group(1))
        .isSubsetOf(names);
  }
}
