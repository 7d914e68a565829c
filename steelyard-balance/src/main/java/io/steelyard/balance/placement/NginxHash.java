package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;
import io.steelyard.balance.hash.Crc;
import org.jspecify.annotations.Nullable;

/**
 * nginx 1.22's {@code hash} without {@code consistent} (ngx_http_upstream_hash_module.c), that of
 * Cache::Memcached: fifteen bits of the key's CRC-32, modulo the sum of the weights.
 *
 * <p><b>Refused.</b> As nginx: the hash of the number of the try and the key is added, up to
 * {@value #TRIES} times; then nobody has the key.
 */
public final class NginxHash implements Placement {
  static final int TRIES = 20;

  private final Endpoint[] endpoints;
  private final WeightLine line;

  /**
   * Over these endpoints.
   *
   * @param endpoints each of weight 1 or more
   */
  public NginxHash(Endpoint[] endpoints) {
    this.endpoints = endpoints;
    this.line = new WeightLine(endpoints);
  }

  @Override
  public @Nullable Endpoint place(byte[] key, int from, int to, Selection selection) {
    if (endpoints.length < 2) {
      return Order.from(endpoints, 0, selection);
    }
    int sum = 0;
    // nginx goes on where the try before stopped; here all are gone through again.
    int tries = TRIES + selection.attempt();
    for (int rehash = 0; rehash <= tries; rehash++) {
      sum += hash(rehash, key, from, to);
      var endpoint = at(sum);
      if (selection.accepts(endpoint)) {
        return endpoint;
      }
    }
    return null;
  }

  private Endpoint at(int sum) {
    return line.at((sum & 0xffff_ffffL) % line.length());
  }

  private static int hash(int rehash, byte[] key, int from, int to) {
    int crc = ~0;
    int unit = 1;
    while (rehash / unit >= 10) {
      unit *= 10;
    }
    for (; rehash > 0 && unit > 0; unit /= 10) {
      crc = Crc.update(crc, '0' + rehash / unit % 10);
    }
    return (~Crc.update(crc, key, from, to) >>> 16) & 0x7fff;
  }

  @Override
  public String rule(byte[] key, int from, int to) {
    if (endpoints.length < 2) {
      return "there is no other";
    }
    int hash = hash(0, key, from, to);
    return "hash " + hash + " modulo " + line.length() + " is " + hash % line.length();
  }
}
