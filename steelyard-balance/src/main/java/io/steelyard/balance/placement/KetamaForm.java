package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.hash.Md5;

/**
 * The points of libketama as twemproxy 0.5.0 (src/hashkit/nc_ketama.c) and libmemcached with
 * weighted ketama compute them: four from each MD5 of {@code HOST:PORT-NUMBER}, 160 for an endpoint
 * of average weight; the port is left out when it is memcached's own, 11211.
 *
 * <p>The number of points is computed in single precision, as those programs do: the rounding is
 * part of the placement.
 */
public record KetamaForm() implements RingForm {
  private static final int PER_ENDPOINT = 160;
  private static final int PER_DIGEST = 4;
  private static final int UNNAMED_PORT = 11_211;

  @Override
  public int groupSize(Endpoint[] endpoints) {
    return PER_DIGEST;
  }

  @Override
  public int[] groups(Endpoint[] endpoints) {
    long total = 0;
    for (var endpoint : endpoints) {
      total += endpoint.weight();
    }
    int[] groups = new int[endpoints.length];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = digests(endpoints[i].weight(), total, endpoints.length);
    }
    return groups;
  }

  private static int digests(int weight, long total, int endpoints) {
    float part = (float) weight / (float) total;
    float digests = part * PER_ENDPOINT / PER_DIGEST * endpoints;
    return (int) Math.floor((float) (digests + 0.0000000001));
  }

  @Override
  public void places(Endpoint endpoint, int size, int[] places) {
    var text = new Text(name(endpoint) + "-");
    for (int i = 0; i < places.length; i++) {
      if (i % PER_DIGEST == 0) {
        text.number(i / PER_DIGEST);
      }
      places[i] = Md5.word(text.bytes(), 0, text.length(), i % PER_DIGEST);
    }
  }

  /** What twemproxy calls a server that is given no name: the address, without port 11211. */
  public static String name(Endpoint endpoint) {
    var address = endpoint.address();
    return address.port() == UNNAMED_PORT ? address.host() : endpoint.name();
  }
}
