package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;
import org.jspecify.annotations.Nullable;

/**
 * nginx 1.22's {@code ip_hash} (ngx_http_upstream_ip_hash_module.c): of an IPv4 address the first
 * three bytes, of an IPv6 address all; the same network always goes to the same endpoint.
 *
 * <p><b>Refused.</b> As nginx: the hash is hashed on with the address, up to {@value
 * NginxHash#TRIES} times; then nobody has the key.
 */
public final class NginxIpHash implements Placement {
  private static final int BEGIN = 89;
  private static final int FACTOR = 113;
  private static final int MODULUS = 6_271;
  private static final int IPV4_LENGTH = 4;

  private final Endpoint[] endpoints;
  private final WeightLine line;

  /**
   * Over these endpoints.
   *
   * @param endpoints each of weight 1 or more
   */
  public NginxIpHash(Endpoint[] endpoints) {
    this.endpoints = endpoints;
    this.line = new WeightLine(endpoints);
  }

  @Override
  public @Nullable Endpoint place(byte[] key, int from, int to, Selection selection) {
    if (endpoints.length < 2) {
      return Order.from(endpoints, 0, selection);
    }
    int hash = BEGIN;
    int tries = NginxHash.TRIES + selection.attempt();
    for (int i = 0; i <= tries; i++) {
      hash = hash(hash, key, from, to);
      var endpoint = line.at(hash % line.length());
      if (selection.accepts(endpoint)) {
        return endpoint;
      }
    }
    return null;
  }

  private static int hash(int begun, byte[] key, int from, int to) {
    int end = to - from == IPV4_LENGTH ? to - 1 : to;
    int hash = begun;
    for (int i = from; i < end; i++) {
      hash = (hash * FACTOR + (key[i] & 0xff)) % MODULUS;
    }
    return hash;
  }

  @Override
  public String rule(byte[] key, int from, int to) {
    if (endpoints.length < 2) {
      return "there is no other";
    }
    int hash = hash(BEGIN, key, from, to);
    return "hash " + hash + " modulo " + line.length() + " is " + hash % line.length();
  }
}
