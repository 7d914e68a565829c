package io.steelyard.server.admin;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;

/** The metrics of the packet plane. */
final class PacketMetrics {
  private PacketMetrics() {}

  static void collect(MetricFamilies families, PacketState state) {
    drops(families, Labels.of("listener", ""), state.drops());
    if (state.accessList() != null) {
      accessList(families, state.accessList());
    }
    for (var service : state.services()) {
      var labels = Labels.of("listener", service.listener());
      drops(families, labels, service.drops());
      families.counter(
          "steelyard_packet_syn_cookies",
          "Cookies that the SYN proxy sent in answer to a SYN.",
          labels,
          service.cookies());
      families.counter(
          "steelyard_packet_syn_cookies_returned",
          "Connections that began when a client sent a cookie back.",
          labels,
          service.cookiesReturned());
      for (var endpoint : service.endpoints()) {
        endpoint(
            families,
            labels.add("pool", service.pool()).add("endpoint", endpoint.name()),
            endpoint);
      }
    }
  }

  private static void accessList(MetricFamilies families, PacketState.AccessList list) {
    families.gauge(
        "steelyard_packet_access_list_networks",
        "Networks in the access list that is in force.",
        Labels.EMPTY,
        list.networks());
    families.gauge(
        "steelyard_packet_access_list_stale",
        "1 while the file of the access list is not in force: it is broken or gone, and what it said before counts.",
        Labels.EMPTY,
        list.problem().isEmpty() ? 0 : 1);
    families.counter(
        "steelyard_packet_access_list_failures",
        "How often the file of the access list changed and could not be taken.",
        Labels.EMPTY,
        list.failures());
  }

  private static void drops(MetricFamilies families, Labels labels, Map<String, Long> drops) {
    drops.forEach((reason, count) ->
        families.counter(
            "steelyard_packet_dropped_packets",
            "Packets for virtual addresses that went no further, by reason; without a listener where none is.",
            labels.add("reason", reason),
            count));
  }

  private static void endpoint(
      MetricFamilies families, Labels labels, PacketState.Endpoint endpoint) {
    families.gauge(
        "steelyard_packet_endpoint_weight",
        "Weight that counts now; 0 where no new connections go.",
        labels,
        endpoint.weight());
    families.counter(
        "steelyard_packet_endpoint_packets", "Packets from clients.", labels, endpoint.packets());
    families.counter(
        "steelyard_packet_endpoint_bytes",
        "Bytes of clients' packets, from the IP header on.",
        labels,
        endpoint.bytes());
    families.counter(
        "steelyard_packet_endpoint_answer_packets",
        "Packets to clients; 0 where answers do not pass here.",
        labels,
        endpoint.answerPackets());
    families.counter(
        "steelyard_packet_endpoint_answer_bytes",
        "Bytes of packets to clients, from the IP header on.",
        labels,
        endpoint.answerBytes());
    families.counter(
        "steelyard_packet_endpoint_connections",
        "Connections begun.",
        labels,
        endpoint.connections());
    families.gauge(
        "steelyard_packet_endpoint_active_connections",
        "Connections that are established, or of a protocol without states.",
        labels,
        endpoint.active());
    families.gauge(
        "steelyard_packet_endpoint_inactive_connections",
        "Connections that begin or end.",
        labels,
        endpoint.inactive());
  }
}
