package io.steelyard.balance.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Ten thousand keys to the servers that HAProxy itself chooses for them. */
class HaproxyParityTest {
  private static final List<Integer> MIXED = List.of(1, 2, 3, 1, 5, 1, 1);
  private static final List<Integer> EVEN = List.of(1, 1, 1, 1, 1);
  private static final List<Integer> DIVISIBLE = List.of(10, 20, 30, 250);

  /** What HAProxy is told, what we are told, and how a request shows a key. */
  record Case(
      String directives,
      List<Integer> weights,
      String balancer,
      Map<String, Object> options,
      List<String> keys,
      Function<String, String> request) {
    @Override
    public String toString() {
      return directives.replace('\n', ';') + " / " + balancer + options;
    }
  }

  private static final List<Case> CASES = cases();

  @TempDir private static Path directory;

  private static List<Integer> endpoints = List.of();
  private static List<Integer> listeners = List.of();
  private static Tool haproxy;

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (boolean consistent : List.of(false, true)) {
      for (List<Integer> weights : List.of(MIXED, EVEN, DIVISIBLE)) {
        cases.add(source(consistent, "", Map.of(), weights));
        cases.add(uri("", Map.of(), consistent, "", Map.of(), weights));
      }
      cases.add(source(consistent, "sdbm avalanche", Map.of("avalanche", true), MIXED));
      cases.add(source(consistent, "sdbm", Map.of("avalanche", false), MIXED));
      for (String hash : List.of("sdbm", "djb2", "wt6", "crc32")) {
        cases.add(uri("", Map.of(), consistent, hash, Map.of("hash", hash), MIXED));
        cases.add(
            uri(
                "",
                Map.of(),
                consistent,
                hash + " avalanche",
                Map.of("hash", hash, "avalanche", true),
                MIXED));
      }
      cases.add(uri("whole", Map.of("whole", true), consistent, "", Map.of(), MIXED));
      cases.add(uri("depth 2", Map.of("depth", 2), consistent, "", Map.of(), MIXED));
      cases.add(uri("len 9", Map.of("length", 9), consistent, "", Map.of(), MIXED));
      cases.add(uri("path-only", Map.of("path-only", true), consistent, "", Map.of(), MIXED));
      cases.add(
          uri(
              "depth 3 len 30 whole",
              Map.of("depth", 3, "length", 30, "whole", true),
              consistent,
              "",
              Map.of(),
              MIXED));
      cases.add(
          of(
              "balance url_param id",
              consistent,
              "parameter-hash",
              Map.of("name", "id"),
              Keys.words(),
              key -> get("/?a=b&id=" + key + "&c=d", "h", "")));
      cases.add(
          of(
              "balance hdr(x-user)",
              consistent,
              "header-hash",
              Map.of("name", "x-user"),
              Keys.words().stream().map(key -> "  " + key + " , other").toList(),
              key -> get("/", "h", "x-user:" + key + "\r\n")));
      cases.add(
          of(
              "balance hdr(host) use_domain_only",
              consistent,
              "header-hash",
              Map.of("domain-only", true),
              Keys.hosts(),
              key -> get("/", key, "")));
      cases.add(
          of(
              "balance hash req.cook(session)",
              consistent,
              "cookie-hash",
              Map.of(),
              Keys.words(),
              key -> get("/", "h", "cookie: a=b; session=" + key + "; c=d\r\n")));
      cases.add(
          of(
              "balance hash src",
              consistent,
              "key-hash",
              Map.of(),
              Keys.addresses(),
              HaproxyParityTest::from));
    }
    return cases;
  }

  private static Case source(
      boolean consistent, String modifier, Map<String, Object> options, List<Integer> weights) {
    return new Case(
        "balance source\n" + hashType(consistent, modifier),
        weights,
        "source-hash",
        with(options, Map.of("consistent", consistent)),
        Keys.addresses(),
        HaproxyParityTest::from);
  }

  private static Case uri(
      String parameters,
      Map<String, Object> part,
      boolean consistent,
      String function,
      Map<String, Object> hash,
      List<Integer> weights) {
    return new Case(
        "balance uri " + parameters + "\n" + hashType(consistent, function),
        weights,
        "uri-hash",
        with(with(part, hash), Map.of("consistent", consistent)),
        Keys.targets(),
        key -> get(key, "h", ""));
  }

  private static Case of(
      String balance,
      boolean consistent,
      String balancer,
      Map<String, Object> options,
      List<String> keys,
      Function<String, String> request) {
    return new Case(
        balance + "\n" + hashType(consistent, ""),
        MIXED,
        balancer,
        with(options, Map.of("consistent", consistent)),
        keys,
        request);
  }

  private static String hashType(boolean consistent, String function) {
    return "hash-type " + (consistent ? "consistent " : "map-based ") + function;
  }

  private static Map<String, Object> with(Map<String, Object> some, Map<String, Object> more) {
    Map<String, Object> all = new java.util.HashMap<>(some);
    all.putAll(more);
    return all;
  }

  /** HAProxy 2.6 looks at the byte behind the host name, too: it is to be no leftover dot. */
  private static String get(String target, String host, String fields) {
    return "GET " + target + " HTTP/1.1\r\nhost: " + host + "\r\naccept: a\r\n" + fields + "\r\n";
  }

  private static String from(String address) {
    return get("/", "h", "x-from: " + address + "\r\n");
  }

  @BeforeAll
  static void start() throws IOException {
    String program = Tool.path("haproxy");
    List<Integer> ports = Tool.freePorts(7 + CASES.size());
    endpoints = ports.subList(0, 7);
    listeners = ports.subList(7, ports.size());
    Path file = directory.resolve("haproxy.cfg");
    Files.writeString(file, configuration());
    haproxy =
        Tool.serve(directory, listeners.getLast(), List.of(program, "-db", "-f", file.toString()));
  }

  @AfterAll
  static void stop() {
    if (haproxy != null) {
      haproxy.close();
    }
  }

  private static String configuration() {
    StringBuilder text =
        new StringBuilder(
            """
            global
              nbthread 1
              maxconn 2000
            defaults
              mode http
              timeout connect 10s
              timeout client 60s
              timeout server 60s
              http-reuse always
            frontend endpoints
            """);
    for (int port : endpoints) {
      text.append("  bind 127.0.0.1:%d%n".formatted(port));
    }
    text.append(
        "  http-request return status 200 content-type text/plain lf-string \"%[dst_port]\"\n");
    for (int i = 0; i < CASES.size(); i++) {
      text.append("listen c%d%n  bind 127.0.0.1:%d%n".formatted(i, listeners.get(i)));
      text.append("  http-request set-src req.hdr_ip(x-from) if { req.hdr(x-from) -m found }\n");
      CASES.get(i).directives.lines().forEach(line -> text.append("  ").append(line).append('\n'));
      for (int k = 0; k < CASES.get(i).weights.size(); k++) {
        text.append(
            "  server s%d 127.0.0.1:%d weight %d%n"
                .formatted(k, endpoints.get(k), CASES.get(i).weights.get(k)));
      }
    }
    return text.toString();
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void placesKeysAsHaproxyDoes(Case compared) throws Exception {
    int listener = listeners.get(CASES.indexOf(compared));
    List<String> theirs =
        HttpAsker.ask(listener, compared.keys.stream().map(compared.request).toList());
    boolean areAddresses = compared.keys.equals(Keys.addresses());
    List<byte[]> keys = areAddresses ? Keys.addressBytes(compared.keys) : Keys.bytes(compared.keys);
    List<Integer> ours =
        Ours.ports(
            compared.balancer, compared.options, Ours.endpoints(endpoints, compared.weights), keys);
    assertThat(ours.stream().distinct()).hasSize(compared.weights.size());
    assertThat(differing(compared.keys, theirs, ours)).isEmpty();
  }

  private static List<String> differing(
      List<String> keys, List<String> theirs, List<Integer> ours) {
    return Stream.iterate(0, i -> i < keys.size(), i -> i + 1)
        .filter(i -> !theirs.get(i).equals(ours.get(i).toString()))
        .map(i -> keys.get(i) + ": " + theirs.get(i) + ", ours " + ours.get(i))
        .toList();
  }
}
