package io.steelyard.server.admin;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the packet plane does; {@code /v1/status} has it under these names in snake case.
 *
 * @param interfaces whose frames it looks at
 * @param xdp {@code native} or {@code generic}
 * @param maxConnections that there is room for, in each family
 * @param advice commands that mend the kernel's settings
 * @param accessList who may not come in; null when there is no list
 * @param drops packets for virtual addresses that belong to no service, by reason; those that
 *     occurred
 * @param services in the order of the configuration
 */
public record PacketState(
    List<String> interfaces,
    String xdp,
    int maxConnections,
    List<String> advice,
    @Nullable AccessList accessList,
    Map<String, Long> drops,
    List<Service> services) {
  public PacketState {
    interfaces = List.copyOf(interfaces);
    advice = List.copyOf(advice);
    drops = Collections.unmodifiableMap(new LinkedHashMap<>(drops));
    services = List.copyOf(services);
  }

  /**
   * Who may not come in.
   *
   * @param networks that are in force
   * @param problem what is wrong with the file as it is now; empty when it is in force
   * @param failures how often the file changed and could not be taken
   */
  public record AccessList(int networks, String problem, long failures) {}

  /**
   * A listener.
   *
   * @param problems that keep an endpoint from being reached, for people
   * @param drops by reason; those that occurred
   * @param cookies that the SYN proxy sent
   * @param cookiesReturned connections that began when a cookie came back
   * @param endpoints in the order of the pool
   */
  public record Service(
      String listener,
      String mode,
      String transport,
      String pool,
      List<String> problems,
      Map<String, Long> drops,
      long cookies,
      long cookiesReturned,
      List<Endpoint> endpoints) {
    public Service {
      problems = List.copyOf(problems);
      drops = Collections.unmodifiableMap(new LinkedHashMap<>(drops));
      endpoints = List.copyOf(endpoints);
    }
  }

  /**
   * An endpoint of a listener.
   *
   * @param listed whether connections may be there; false when it is down
   * @param weight that counts now; 0 where no new connections go
   * @param packets from clients
   * @param answerPackets to clients; 0 where answers do not pass here
   * @param connections begun
   * @param active established, or of a protocol that has no states
   * @param inactive beginning or ending
   */
  public record Endpoint(
      String name,
      boolean listed,
      int weight,
      long packets,
      long bytes,
      long answerPackets,
      long answerBytes,
      long connections,
      long active,
      long inactive) {}
}
