package io.steelyard.proxy.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.PoolState;
import io.steelyard.balance.Selection;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.Pool;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Who answers when balancers choose among real endpoints, through the proxy. Its chance is seeded:
 * every run chooses alike. Priorities are {@link EndpointGroupsTest}'s.
 */
class ChoicesTest {
  private static final String POOL = "site";
  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  private final List<RawEndpoint> endpoints = new ArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() throws IOException {
    release.countDown();
    for (var endpoint : endpoints) {
      endpoint.close();
    }
  }

  private static String answer(String name) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + name;
  }

  private void endpoint(RawEndpoint.Handler handler) throws IOException {
    endpoints.add(RawEndpoint.serving(handler));
  }

  private void prompt(String... names) throws IOException {
    for (var name : names) {
      endpoint(RawEndpoint.answering(answer(name)));
    }
  }

  /** Answers whoever asks for /held when the test says so, all others at once. */
  private void holding(String name) throws IOException {
    endpoint(wire -> {
      for (String head = wire.readHead(); !head.isEmpty(); head = wire.readHead()) {
        if (head.startsWith("GET /held")) {
          release.await();
        }
        wire.send(answer(name));
      }
    });
  }

  private TestProxy start(BalancerSpec balancer, int... weights) throws Exception {
    return Setup.start(
        Configuration.of(
            Map.of("web", Listener.http(new Address("127.0.0.1", 0), POOL)),
            Map.of(POOL, Pool.of(balancer, specs(weights)))));
  }

  /** The endpoints with these weights, or none of their own. */
  private List<EndpointSpec> specs(int... weights) {
    var specs = new ArrayList<EndpointSpec>();
    for (int i = 0; i < endpoints.size(); i++) {
      int weight = weights.length == 0 ? 1 : weights[i];
      specs.add(EndpointSpec.of(endpoints.get(i).address(), weight));
    }
    return specs;
  }

  private static String ask(Wire client, String request) throws IOException {
    String message = client.send(request).readMessage();
    return message.substring(message.length() - 1);
  }

  /** Who answered requests, one after the other. */
  private static String answers(TestProxy proxy, int requests) throws IOException {
    var names = new StringBuilder();
    try (Wire client = proxy.connect()) {
      for (int i = 0; i < requests; i++) {
        names.append(ask(client, REQUEST));
      }
    }
    return names.toString();
  }

  private static long count(String answers, char name) {
    return answers.chars().filter(each -> each == name).count();
  }

  @Test
  void roundRobinInterleavesByWeight() throws Exception {
    prompt("a", "b", "c");
    try (var proxy = start(BalancerSpec.of("round-robin"), 5, 1, 1)) {
      assertThat(answers(proxy, 21)).isEqualTo("aabacaa".repeat(3));
    }
  }

  /** Of four that are under way nobody has more than two; who has two is not chosen. */
  @Test
  void leastConnectionsKeepsInFlightEven() throws Exception {
    holding("a");
    holding("b");
    holding("c");
    try (var proxy = start(BalancerSpec.of("least-connections"))) {
      try (var held = hold(proxy, 4)) {
        var counts = inFlight(proxy);
        assertThat(counts).containsExactlyInAnyOrder(2, 1, 1);
        char busy = (char) ('a' + counts.indexOf(2));
        assertThat(count(answers(proxy, 20), busy)).isZero();
        release.countDown();
        held.read();
      }
      proxy.awaitNothingInFlight();
      String answers = answers(proxy, 30);
      assertThat(List.of('a', 'b', 'c'))
          .allSatisfy(name -> assertThat(count(answers, name)).isBetween(9L, 11L));
    }
  }

  /** Whoever has more in flight than both others loses against either; the others share. */
  @Test
  void twoChoicesAvoidsTheBusy() throws Exception {
    holding("a");
    holding("b");
    holding("c");
    try (var proxy = start(BalancerSpec.of("two-choices"))) {
      try (var held = hold(proxy, 4)) {
        var counts = inFlight(proxy);
        int most = counts.stream().mapToInt(each -> each).max().orElseThrow();
        assertThat(counts.stream().filter(each -> each == most)).as("one is busiest").hasSize(1);
        char busy = (char) ('a' + counts.indexOf(most));
        assertThat(count(answers(proxy, 100), busy)).isZero();
        release.countDown();
        held.read();
      }
      proxy.awaitNothingInFlight();
      String answers = answers(proxy, 300);
      assertThat(List.of('a', 'b', 'c'))
          .allSatisfy(name -> assertThat(count(answers, name)).isBetween(70L, 130L));
    }
  }

  /** One answers when the pause is over, the others at once. */
  @Test
  void fastestLeavesTheSlowOne() throws Exception {
    endpoint(wire -> {
      while (!wire.readHead().isEmpty()) {
        Thread.sleep(20);
        wire.send(answer("s"));
      }
    });
    prompt("a", "b");
    try (var proxy = start(BalancerSpec.of("fastest"))) {
      assertThat(count(answers(proxy, 300), 's')).isBetween(1L, 15L);
    }
  }

  /** Where the same balancer places the same key when it is asked directly. */
  @Test
  void ketamaKeepsKeysWhereTheyAre() throws Exception {
    prompt("a", "b", "c", "d");
    // With twemproxy's own hash, keys that differ in their last letters stay together; with unequal
    // weights, those that stay get other numbers of points, and some keys move among them.
    Map<String, Object> options = Map.of("key", "header", "name", "x-user", "hash", "md5");
    var spec = new BalancerSpec("ketama", options);
    try (var proxy = start(spec, 1, 1, 1, 1)) {
      String before = users(proxy);
      assertThat(before).isEqualTo(direct(spec, 1, 1, 1, 1));
      proxy.ready(0, 1, 3);
      String after = users(proxy);
      for (int i = 0; i < before.length(); i++) {
        if (before.charAt(i) != 'c') {
          assertThat(after.charAt(i)).as("user %s", i).isEqualTo(before.charAt(i));
        }
      }
      assertThat(count(before, 'c')).isPositive();
      assertThat(count(after, 'c')).isZero();
    }
  }

  /** Who answers each of some users. */
  private static String users(TestProxy proxy) throws IOException {
    var names = new StringBuilder();
    try (Wire client = proxy.connect()) {
      for (int user = 0; user < 200; user++) {
        names.append(ask(client, "GET / HTTP/1.1\r\nHost: x\r\nX-User: user-" + user + "\r\n\r\n"));
      }
    }
    return names.toString();
  }

  private String direct(BalancerSpec spec, int... weights) {
    var all = new PoolState(POOL).endpoints(specs(weights));
    var balancer = Balancers.standard().create(spec, all);
    var names = new StringBuilder();
    for (int user = 0; user < 200; user++) {
      var chosen = requireNonNull(balancer.select(new Keyed("user-" + user)));
      names.append((char) ('a' + chosen.index()));
    }
    return names.toString();
  }

  /** A choice by nothing but a key. */
  private record Keyed(String text) implements Selection {
    @Override
    public byte[] key() {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int keyLength() {
      return text.length();
    }

    @Override
    public boolean accepts(Endpoint endpoint) {
      return true;
    }

    @Override
    public int attempt() {
      return 0;
    }

    @Override
    public RandomGenerator random() {
      return new SplittableRandom(0);
    }

    @Override
    public long nanoTime() {
      return 0;
    }
  }

  /** Requests whose answers the endpoints hold back, each on a connection of its own. */
  private record Held(List<Wire> clients) implements AutoCloseable {
    void read() throws IOException {
      for (var client : clients) {
        client.readMessage();
      }
    }

    @Override
    public void close() throws IOException {
      for (var client : clients) {
        client.close();
      }
    }
  }

  private static Held hold(TestProxy proxy, int requests) throws IOException {
    var clients = new ArrayList<Wire>();
    for (int i = 1; i <= requests; i++) {
      var client = proxy.connect();
      clients.add(client.send("GET /held HTTP/1.1\r\nHost: x\r\n\r\n"));
      proxy.awaitInFlight(i);
    }
    return new Held(clients);
  }

  private List<Integer> inFlight(TestProxy proxy) {
    return endpoints.stream().map(endpoint -> proxy.state(endpoint.address()).inFlight()).toList();
  }
}
