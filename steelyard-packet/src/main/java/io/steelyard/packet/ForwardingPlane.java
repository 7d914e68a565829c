package io.steelyard.packet;

import java.util.Collection;
import java.util.List;

/** What carries packets. Thread-safe. */
public interface ForwardingPlane extends AutoCloseable {
  /**
   * Serves a service by a table from here on, whether it is new or known. Packets see the old table
   * or the new one, never a part of it; connections stay where they are while their endpoint is
   * listed.
   *
   * @return problems that keep an endpoint from being reached, for people; empty when there are
   *     none
   * @throws IllegalArgumentException when the service cannot be carried to these endpoints
   */
  List<String> apply(VirtualService service, ForwardingTable table);

  /** Serves these services only; what was served before a restart and is not among them, ends. */
  void retain(Collection<VirtualService> services);

  /** What happened to a service. */
  Counters counters(VirtualService service);

  /**
   * Removes connections that were silent for too long and counts the others. To be called every few
   * seconds; takes about 0.4 ms per 1,000 connections.
   */
  void sweep();

  /** Looks again where the endpoints are, as their MACs may have changed. */
  List<String> refresh();

  /** Lets go of the plane. What is pinned goes on. */
  @Override
  void close();
}
