package io.steelyard.balance.placement;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against what the kernel's formula gives, worked out by a program of a few lines. */
class LvsTableTest {
  private static final List<Endpoint> ENDPOINTS = endpoints(1, 2, 1);

  private static LvsTable table(boolean isByWeight) {
    return new LvsTable(ENDPOINTS.toArray(new Endpoint[0]), isByWeight);
  }

  private static int place(LvsTable table, String address, FakeSelection selection)
      throws UnknownHostException {
    byte[] key = InetAddress.getByName(address).getAddress();
    return requireNonNull(table.place(key, 0, key.length, selection)).index();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 0, 2",
    "10.0.0.2, 1, 0",
    "192.168.1.77, 2, 2",
    "203.0.113.9, 2, 1",
    "255.255.255.255, 1, 0",
    "0.0.0.0, 2, 2",
    // The words xored are those of 10.0.0.1.
    "::a00:1, 0, 2",
    "ffff:ffff:0:1::f5ff:ffff, 0, 2"
  })
  void placesAsTheKernelDoes(String address, int bySource, int byDestination)
      throws UnknownHostException {
    var selection = new FakeSelection(1);
    assertThat(place(table(true), address, selection)).isEqualTo(bySource);
    assertThat(place(table(false), address, selection)).isEqualTo(byDestination);
  }

  @Test
  void bucketsGoByWeight() throws UnknownHostException {
    Map<Integer, Integer> shares = new HashMap<>();
    for (int i = 0; i < 65_536; i++) {
      int at = place(table(true), "10.7." + (i >> 8) + "." + (i & 255), new FakeSelection(1));
      shares.merge(at, 1, Integer::sum);
    }
    assertThat(shares.get(1)).isBetween(32_000, 33_500);
    assertThat(shares.get(0)).isBetween(15_500, 17_300);
  }

  /** 10.0.0.1 is in bucket 39: the next are 78, which is endpoint 1's, and 79, which is 0's. */
  @Test
  void theRefusedFallsBackAsWithShFallback() throws UnknownHostException {
    var selection = new FakeSelection(1);
    selection.refuse(ENDPOINTS.get(0));
    assertThat(place(table(true), "10.0.0.1", selection)).isEqualTo(1);
    selection.refuse(ENDPOINTS.get(1));
    assertThat(place(table(true), "10.0.0.1", selection)).isEqualTo(2);
    selection.refuse(ENDPOINTS.get(2));
    assertThat(table(true).place(new byte[] {10, 0, 0, 1}, 0, 4, selection)).isNull();
  }
}
