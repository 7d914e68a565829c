package io.steelyard.net.names;

import java.util.List;

/**
 * What a name leads to.
 *
 * @param places without order, none twice; at least one
 * @param ttlSeconds how long the answer holds, the shortest time to live of its records
 */
public record Found(List<Place> places, long ttlSeconds) {
  public Found {
    places = List.copyOf(places);
  }

  /**
   * One address.
   *
   * @param host an IP address
   * @param port that a service record says; 0 where there is none
   * @param priority of the service record, lower ones first; else 0
   * @param weight of the service record; else 0
   */
  public record Place(String host, int port, int priority, int weight) {}
}
