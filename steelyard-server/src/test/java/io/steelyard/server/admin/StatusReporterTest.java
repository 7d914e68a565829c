package io.steelyard.server.admin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.steelyard.proxy.stats.Stats;
import io.steelyard.server.admin.ReadySource.Readiness;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class StatusReporterTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TRACE = "/v1/trace/{vip}";
  private static final String WISH = "/v1/pools/{pool}/endpoints/{endpoint}/wish";
  private static final InstantSource CLOCK = InstantSource.fixed(Sample.NOW);

  private static String body(AdminSources sources, String path) {
    return requireNonNull(AdminPages.routes(sources, CLOCK).get(path), path).get().body();
  }

  private static JsonNode status(AdminSources sources) {
    return JSON.readTree(body(sources, "/v1/status"));
  }

  @Test
  void tellsWhatRunsAndWhatHasHappened() {
    assertThat(status(Sample.sources()))
        .isEqualTo(
            JSON.readTree(
                """
                {"version":"0.1.0","started_at":"2026-11-01T12:00:00.123Z","uptime_seconds":3723.5,
                 "ready":true,"readiness":"ready","transport":"epoll","loops":2,
                 "access_log":{"dropped":7,"lost":3},
                 "listeners":[{
                   "name":"web","address":"127.0.0.1:8080","protocol":"http",
                   "connections":{"active":5,"idle":3,"accepted":9,"waited":1},
                   "requests":111,"malformed":2,
                   "answers":{"1xx":0,"2xx":10,"3xx":0,"4xx":1,"5xx":0,"other":0},
                   "bytes_in":1000,"bytes_out":20000,
                   "failures":{"no-route":1},
                   "latency":{"count":3,"mean_ms":13334.333,"p50_ms":1.563,"p90_ms":38912.0,
                              "p99_ms":38912.0,"p999_ms":38912.0}}],
                 "pools":[{
                   "name":"site","balancer":"round-robin","retries":2,"retries_denied":0,"hedges":0,"hedges_won":0,"no_endpoint":0,"fallbacks":0,
                   "refused":0,"queue":{"waiting":0,"waited":0,"timed_out":0,
                     "time":{"count":0,"mean_ms":0.0,"p50_ms":0.0,"p90_ms":0.0,"p99_ms":0.0,"p999_ms":0.0}},
                   "health":{"health":"UP","changes":3,"panic":false,"usable":1,"ejected":1,
                     "availability":{"ratio":1.0,"up_seconds":100.0,"down_seconds":0.0,"failures":0,
                                     "mtbf_seconds":null,"mttr_seconds":null}},
                   "endpoints":[
                    {"name":"10.0.0.11:80","weight":1,"wish":"READY","in_flight":4,"in_flight_limit":12,
                     "health":{"health":"UP","reason":"L7: status 200","for_seconds":100.0,
                       "ejected_for_seconds":null,"changes":1,"ejections":0,
                       "probes":{"passed":48,"failed":2,"last":[
                         {"passed":false,"layer":"content","detail":"found 'x', expected 'y'","ms":2.5},
                         {"passed":true,"layer":"L7","detail":"status 200","ms":1.5}]},
                       "availability":{"ratio":1.0,"up_seconds":100.0,"down_seconds":0.0,"failures":0,
                                       "mtbf_seconds":null,"mttr_seconds":null}},
                     "connections":{"active":8,"idle":7,"opened":6,"failed":1,"timed_out":2},
                     "requests":112,
                     "answers":{"1xx":0,"2xx":0,"3xx":0,"4xx":0,"5xx":2,"other":0},
                     "bytes_sent":900,"bytes_received":19000,
                     "resets":3,"response_timeouts":4,"retries":5,
                     "latency":{"count":1,"mean_ms":1.0,"p50_ms":1.063,"p90_ms":1.063,
                                "p99_ms":1.063,"p999_ms":1.063}},
                    {"name":"10.0.0.12:80","weight":0,"wish":"DRAIN","in_flight":0,"in_flight_limit":null,
                     "health":{"health":"DOWN","reason":"ejected for 30.0 s: 5 errors in a row",
                       "for_seconds":10.0,"ejected_for_seconds":20.0,"changes":2,"ejections":1,
                       "probes":{"passed":0,"failed":0,"last":[]},
                       "availability":{"ratio":0.9,"up_seconds":90.0,"down_seconds":10.0,"failures":1,
                                       "mtbf_seconds":90.0,"mttr_seconds":10.0}},
                     "connections":{"active":0,"idle":0,"opened":0,"failed":0,"timed_out":0},
                     "requests":0,
                     "answers":{"1xx":0,"2xx":0,"3xx":0,"4xx":0,"5xx":0,"other":0},
                     "bytes_sent":0,"bytes_received":0,
                     "resets":0,"response_timeouts":0,"retries":0,
                     "latency":{"count":0,"mean_ms":0.0,"p50_ms":0.0,"p90_ms":0.0,
                                "p99_ms":0.0,"p999_ms":0.0}}]}],
                 "packet":{
                   "interfaces":["eth0"],"xdp":"native","max_connections":1048576,
                   "advice":["sysctl -w net.ipv4.ip_forward=1"],
                   "access_list":{"networks":1000,"problem":"networks:3:1: no","failures":2},
                   "drops":{"malformed":4},
                   "services":[{
                     "listener":"vip","mode":"nat","transport":"tcp","pool":"site",
                     "problems":[],"drops":{"no-endpoint":2},"cookies":9,"cookies_returned":3,
                     "endpoints":[
                      {"name":"10.0.0.11:80","listed":true,"weight":1,"packets":10,"bytes":1000,
                       "answer_packets":20,"answer_bytes":3000,"connections":4,"active":2,"inactive":1}]}]},
                 "events":[{"time":"2026-11-01T12:00:00.123Z","pool":"site","endpoint":"10.0.0.12:80",
                            "from":"UP","to":"DOWN","reason":"L4: connection refused"},
                           {"time":"2026-11-01T12:00:00.123Z","pool":"site","endpoint":"10.0.0.12:80",
                            "from":"READY","to":"DRAIN","reason":"the admin port"},
                           {"time":"2026-11-01T12:00:00.123Z","pool":"site","endpoint":null,
                            "from":"STARTING","to":"UP","reason":"1 of 2 endpoints can be used"}]}
                """));
  }

  @Test
  void openApiDescribesThePathsThatAreServed() {
    AdminSources sources = Sample.sources();
    JsonNode described = openApi(sources).get("paths");
    List<String> paths = new ArrayList<>(AdminPages.routes(sources, CLOCK).keySet());
    paths.forEach(path ->
        assertThat(requireNonNull(described.get(path), path).propertyNames())
            .containsExactly("get"));
    paths.add(WISH);
    paths.add(TRACE);
    assertThat(requireNonNull(described.get(TRACE), TRACE).propertyNames())
        .containsExactly("parameters", "put");
    assertThat(described.propertyNames()).containsExactlyInAnyOrderElementsOf(paths);
    assertThat(requireNonNull(described.get(WISH), WISH).propertyNames())
        .containsExactly("parameters", "get", "put");
  }

  @Test
  void openApiDescribesTheContentTypesThatAreSent() {
    AdminSources sources = Sample.sources();
    JsonNode described = openApi(sources).get("paths");
    AdminPages.routes(sources, CLOCK)
        .forEach((path, page) ->
            assertThat(page.get().contentType().split(";", 2)[0])
                .isEqualTo(
                    described
                        .at("/" + path.replace("/", "~1") + "/get/responses/200/content")
                        .propertyNames()
                        .iterator()
                        .next()));
  }

  @Test
  void openApiDescribesTheStatus() {
    Schema schema = schema("Status");
    assertThat(schema.validate(status(Sample.sources()))).isEmpty();
    AdminSources starting =
        new AdminSources(
            () -> Sample.state("web", "site", null),
            () -> new Readiness(false, "starting"),
            new Stats(1),
            Sample.NO_WISHES,
            PacketSource.NONE);
    assertThat(schema.validate(status(starting))).isEmpty();
    ObjectNode broken = (ObjectNode) status(starting);
    broken.remove("loops");
    assertThat(schema.validate(broken)).isNotEmpty();
  }

  @Test
  void openApiDescribesProblems() {
    assertThat(schema("Problem").validate(JSON.readTree(Problem.notFound("/x").body()))).isEmpty();
  }

  private static JsonNode openApi(AdminSources sources) {
    return new YAMLMapper().readTree(body(sources, "/openapi.yaml"));
  }

  private static Schema schema(String name) {
    ObjectNode root = (ObjectNode) openApi(Sample.sources());
    root.retain("components"); // Of the rest a schema knows nothing.
    root.put("$ref", "#/components/schemas/" + name);
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(root);
  }
}
