package io.steelyard.server.remote;

import io.steelyard.server.remote.AdminClient.AdminException;
import io.steelyard.server.text.TextTable;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code steelyard status}: what runs, and how it fares. */
@Command(
    name = "status",
    description = "Tells how a running process, its pools and endpoints fare.")
final class StatusCommand extends RemoteCommand {
  private static final String PATH = "/v1/status";

  @Option(names = "--json", description = "Prints everything, as JSON.")
  private boolean json;

  @Option(
      names = "--packet",
      description =
          "Lists what the packet plane serves, with weights, active and inactive connections, as ipvsadm -Ln does.")
  private boolean packet;

  @Override
  int run(AdminClient client, PrintWriter out) throws AdminException {
    if (packet) {
      out.print(client.get("/v1/ipvs"));
    } else if (json) {
      out.println(client.get(PATH));
    } else {
      print(client.getJson(PATH), out);
    }
    return ExitCode.OK;
  }

  private static void print(JsonNode status, PrintWriter out) {
    out.printf(
        "Steelyard %s, %s, up %.0f s%n%n",
        status.path("version").asString(),
        status.path("readiness").asString(),
        status.path("uptime_seconds").asDouble());
    var listeners =
        new TextTable("listener", "address", "connections", "requests", "5xx", "p99 ms");
    status
        .path("listeners")
        .forEach(listener ->
            listeners.row(
                listener.path("name").asString(),
                listener.path("address").asString(),
                listener.at("/connections/active").asString(),
                listener.path("requests").asString(),
                listener.at("/answers/5xx").asString(),
                listener.at("/latency/p99_ms").asString()));
    out.print(listeners.text());
    status.path("pools").forEach(pool -> printPool(pool, out));
  }

  private static void printPool(JsonNode pool, PrintWriter out) {
    var health = pool.path("health");
    out.printf(
        "%npool %s: %s, %d of %d endpoints usable, availability %.3f %%, %s%n",
        pool.path("name").asString(),
        health.path("health").asString("-"),
        health.path("usable").asInt(),
        pool.path("endpoints").size(),
        health.at("/availability/ratio").asDouble() * 100,
        pool.path("balancer").asString());
    var table =
        new TextTable(
            "endpoint", "wish", "health", "weight", "in flight", "requests", "5xx", "p99 ms");
    pool.path("endpoints")
        .forEach(endpoint ->
            table.row(
                endpoint.path("name").asString(),
                endpoint.path("wish").asString(),
                endpoint.at("/health/health").asString("-"),
                endpoint.path("weight").asString(),
                endpoint.path("in_flight").asString(),
                endpoint.path("requests").asString(),
                endpoint.at("/answers/5xx").asString(),
                endpoint.at("/latency/p99_ms").asString()));
    out.print(table.text());
    pool.path("endpoints").forEach(endpoint -> why(endpoint, out));
  }

  /** Only what does not serve needs a reason. */
  private static void why(JsonNode endpoint, PrintWriter out) {
    var health = endpoint.at("/health/health").asString("UP");
    if (!health.equals("UP")) {
      out.println(
          endpoint.path("name").asString()
              + " is "
              + health
              + ": "
              + endpoint.at("/health/reason").asString());
    }
  }
}
