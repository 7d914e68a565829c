package io.steelyard.proxy.route;

import static io.steelyard.proxy.route.Routes.find;
import static io.steelyard.proxy.route.Routes.otherwise;
import static io.steelyard.proxy.route.Routes.route;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.steelyard.codec.BufferView;
import io.steelyard.codec.ByteView;
import io.steelyard.model.Route;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
  @Test
  void withoutRoutesNothingMatches() {
    assertThat(find(Router.compile(List.of()), "example.com", "/")).isEqualTo(Router.NONE);
  }

  @Test
  void aRouteWithoutConditionTakesEverything() {
    Router router = Router.compile(List.of(otherwise()));
    assertThat(find(router, "example.com", "/any")).isZero();
    assertThat(find(router, "", "*")).isZero();
    assertThat(find(router, "", "")).isZero();
  }

  @Test
  void theFirstThatMatchesWinsWhateverItsKind() {
    Router router =
        Router.compile(
            List.of(
                route(null, "/static/"),
                route("*.example.com", "/api/"),
                route("www.example.com", null),
                route("www.example.com", "/api/"),
                route(null, "/api/"),
                route("*.example.com", null)));
    assertThat(find(router, "www.example.com", "/static/x")).isEqualTo(0);
    assertThat(find(router, "www.example.com", "/api/x")).isEqualTo(1);
    assertThat(find(router, "www.example.com", "/")).isEqualTo(2);
    assertThat(find(router, "example.com", "/api/x")).isEqualTo(4);
    assertThat(find(router, "a.b.example.com", "/")).isEqualTo(5);
    assertThat(find(router, "example.com", "/")).isEqualTo(Router.NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, 0",
    "EXAMPLE.Com, 0",
    "example.com:8080, 0",
    "example.com:, 0",
    "example.com., 0",
    "example.com.:80, 0",
    "example.com.., -1",
    "example.com:80:80, -1",
    "example.com:8o, -1",
    "example.comm, -1",
    "xexample.com, -1",
    "www.example.com, -1",
    "[::1], 1",
    "[::1]:80, 1",
    "[::1]:, 1",
    "[::2]:80, -1",
    "::1, -1",
    "10.0.0.1:80, 2",
    "10.0.0.1, 2",
    "12345, 3",
    "12345:12345, 3",
    "'', -1",
    ":80, -1",
    "., -1"
  })
  void hostsAreComparedWithoutCasePortAndTrailingDot(String host, int expected) {
    Router router =
        Router.compile(
            List.of(
                route("Example.com", null),
                route("[::1]", null),
                route("10.0.0.1", null),
                route("12345", null)));
    assertThat(find(router, host, "/")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "a.example.com, 0",
    "A.EXAMPLE.COM:443, 0",
    "a.b.c.example.com., 0",
    "example.com, -1",
    ".example.com, -1",
    "aexample.com, -1",
    "a.example.com.org, -1",
    "x.deep.example.org, 1",
    "deep.example.org, 2",
    "y.z.deep.example.org, 1",
    "example.org, -1",
    "a.org, -1"
  })
  void aWildcardCoversEveryNameBelow(String host, int expected) {
    Router router =
        Router.compile(
            List.of(
                route("*.example.com", null),
                route("*.deep.example.org", null),
                route("*.example.org", null)));
    assertThat(find(router, host, "/")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "/abc/def/x, 0",
    "/abc/def/, 0",
    "/abc/def, 2",
    "/abc/xyz, 2",
    "/abcd, 3",
    "/ab, 4",
    "/ab?c, 4",
    "/abc?def, 3",
    "/abx, 4",
    "/a, -1",
    "/, -1",
    "/x/, 5",
    "/X/, -1",
    "'', -1",
    "*, -1"
  })
  void prefixesThatShareTheirBeginningsAreToldApart(String path, int expected) {
    Router router =
        Router.compile(
            List.of(
                route(null, "/abc/def/"),
                route(null, "/abc/def/ghi"), // never reached
                route(null, "/abc/"),
                route(null, "/abc"),
                route(null, "/ab"),
                route(null, "/x/")));
    assertThat(find(router, "any", path)).isEqualTo(expected);
  }

  @Test
  void prefixesAreTheSameInWhateverOrderTheyAreAdded() {
    Router router =
        Router.compile(
            List.of(
                route("h", "/abcdef"),
                route("h", "/abcxyz"),
                route("h", "/abc"),
                route("h", "/b"),
                route("h", "/"),
                route("h", "/a")));
    assertThat(find(router, "h", "/abcdefg")).isEqualTo(0);
    assertThat(find(router, "h", "/abcxyzz")).isEqualTo(1);
    assertThat(find(router, "h", "/abcd")).isEqualTo(2);
    assertThat(find(router, "h", "/b")).isEqualTo(3);
    assertThat(find(router, "h", "/a")).isEqualTo(4);
  }

  @Test
  void bytesBeyondAsciiMatchNothingAndHarmNothing() {
    Router router = Router.compile(List.of(route("example.com", "/a"), route(null, "/a")));
    ByteBuf bytes = Unpooled.wrappedBuffer(new byte[] {(byte) 0xff, '.', (byte) 0x80, 0, '.'});
    ByteView host = new BufferView().set(bytes, 0, 5);
    assertThat(router.route(host, ByteView.of("/a"))).isEqualTo(1);
    assertThat(router.route(host, host)).isEqualTo(Router.NONE);
  }

  @Test
  void aThousandHostsCostWhatTenDo() {
    long ten = mostBytesRead(10);
    long thousand = mostBytesRead(1_000);
    // The host itself is a byte or two longer with a thousand.
    assertThat(thousand).isLessThanOrEqualTo(ten * 3 / 2);
  }

  /** The bytes of the host that the costliest look-up among {@code hosts} routes reads. */
  private static long mostBytesRead(int hosts) {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < hosts; i++) {
      routes.add(route("host" + i + ".example.com", "/v1/"));
      routes.add(route("*.host" + i + ".example.com", null));
    }
    Router router = Router.compile(routes);
    long most = 0;
    for (int i = 0; i < hosts; i++) {
      CountingView exact = new CountingView("HOST" + i + ".example.com:8080");
      assertThat(router.route(exact, ByteView.of("/v1/x"))).isEqualTo(2 * i);
      CountingView below = new CountingView("a.b.host" + i + ".example.com");
      assertThat(router.route(below, ByteView.of("/v1/x"))).isEqualTo(2 * i + 1);
      most = Math.max(most, Math.max(exact.reads, below.reads));
    }
    return most;
  }

  @Test
  void aLookUpAllocatesNothing() {
    Router router =
        Router.compile(
            List.of(
                route("www.example.com", "/v1/"),
                route("*.example.com", "/v2/"),
                route(null, "/v3/"),
                otherwise()));
    BufferView host = view("a.www.Example.com:8080");
    BufferView path = view("/v3/some/thing?x=y");

    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      lookUp(router, host, path, 10_000);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    // The measuring itself may allocate a little; one byte per look-up would be 10,000.
    assertThat(least).isLessThan(5_000);
  }

  private static void lookUp(Router router, ByteView host, ByteView path, int times) {
    int matches = 0;
    for (int i = 0; i < times; i++) {
      matches += router.route(host, path);
    }
    if (matches != 2 * times) {
      throw new AssertionError("expected the third route each time");
    }
  }

  private static BufferView view(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return new BufferView().set(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
  }

  /** Counts the bytes that are looked at. */
  private static final class CountingView implements ByteView {
    private final ByteView text;
    private long reads;

    CountingView(String text) {
      this.text = ByteView.of(text);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public byte at(int index) {
      reads++;
      return text.at(index);
    }
  }
}
