package io.steelyard.server.admin;

import java.util.List;

/** The overview's tables of the packet plane. */
final class PacketTables {
  private PacketTables() {}

  static void write(Html html, PacketState state) {
    html.markup("<h2>Packets</h2>\n<p>")
        .text(
            "XDP %s at %s. Dropped without a listener: %s."
                .formatted(state.xdp(), String.join(", ", state.interfaces()), state.drops()))
        .markup("</p>\n");
    for (var command : state.advice()) {
      html.markup("<p>").text("The kernel's settings want: " + command).markup("</p>\n");
    }
    var list = state.accessList();
    if (list != null) {
      html.markup("<p>")
          .text("The access list has %,d networks. %s".formatted(list.networks(), list.problem()))
          .markup("</p>\n");
    }
    state.services().forEach(service -> write(html, service));
  }

  private static void write(Html html, PacketState.Service service) {
    html.markup("<h3>")
        .text(service.listener() + ": " + service.mode() + " to pool " + service.pool())
        .markup("</h3>\n<p>")
        .text(
            "Dropped: %s. SYN cookies: %d sent, %d came back."
                .formatted(service.drops(), service.cookies(), service.cookiesReturned()))
        .markup("</p>\n");
    service.problems().forEach(problem -> html.markup("<p>").text(problem).markup("</p>\n"));
    html.markup("<div>")
        .table(
            List.of(
                "Endpoint",
                "Weight",
                "Active",
                "Inactive",
                "Connections",
                "Packets",
                "Bytes",
                "Answers",
                "Answers' bytes"),
            service.endpoints().stream().map(PacketTables::row).toList())
        .markup("</div>\n");
  }

  private static List<Object> row(PacketState.Endpoint endpoint) {
    return List.of(
        endpoint.name(),
        endpoint.listed() ? endpoint.weight() : "down",
        endpoint.active(),
        endpoint.inactive(),
        endpoint.connections(),
        endpoint.packets(),
        endpoint.bytes(),
        endpoint.answerPackets(),
        endpoint.answerBytes());
  }
}
