package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.hash.Crc;

/**
 * The points of nginx 1.22's {@code hash … consistent} (ngx_http_upstream_hash_module.c), those of
 * Cache::Memcached::Fast: 160 per unit of weight, each the CRC-32 of host, zero byte, port and the
 * point before it.
 */
public record NginxForm() implements RingForm {
  private static final int PER_WEIGHT = 160;

  @Override
  public int groupSize(Endpoint[] endpoints) {
    return PER_WEIGHT;
  }

  @Override
  public int[] groups(Endpoint[] endpoints) {
    return RingForm.byWeight(endpoints, PER_WEIGHT);
  }

  @Override
  public void places(Endpoint endpoint, int size, int[] places) {
    byte[] name = Text.latin(endpoint.name());
    int colon = endpoint.name().lastIndexOf(':');
    int base = Crc.update(~0, name, 0, colon);
    base = Crc.update(base, 0);
    base = Crc.update(base, name, colon + 1, name.length);
    int before = 0;
    for (int i = 0; i < places.length; i++) {
      int crc = base;
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        crc = Crc.update(crc, before >>> shift);
      }
      before = ~crc;
      places[i] = before;
    }
  }

  @Override
  public int patience() {
    return 20;
  }

  @Override
  public boolean isTireless() {
    return false;
  }
}
