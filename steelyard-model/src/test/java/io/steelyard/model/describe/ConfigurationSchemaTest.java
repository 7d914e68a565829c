package io.steelyard.model.describe;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.steelyard.model.Configuration;
import io.steelyard.model.Shape;
import io.steelyard.model.read.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema and the reader agree on the form of configurations. */
class ConfigurationSchemaTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(ConfigurationSchema.json(), InputFormat.JSON);

  private static List<Error> bySchema(String yaml) {
    return SCHEMA.validate(yaml, InputFormat.YAML);
  }

  private static List<String> byReader(String yaml) {
    return new ConfigReader().readString("test", yaml).lines();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "minimal.yaml",
        "virtual-hosts.yaml",
        "everything.yaml",
        "health.yaml",
        "tcp.yaml",
        "tls.yaml"
      })
  void examplesAreValid(String example) throws IOException {
    var text = Files.readString(Path.of("../examples").resolve(example));
    assertThat(byReader(text)).isEmpty();
    assertThat(bySchema(text)).isEmpty();
  }

  @Test
  void minimalExampleIsShort() throws IOException {
    assertThat(Files.readAllLines(Path.of("../examples/minimal.yaml")))
        .hasSizeLessThanOrEqualTo(10);
  }

  @Test
  void everythingHasEveryKey() throws IOException {
    var text =
        Files.readString(Path.of("../examples/everything.yaml"))
            + Files.readString(Path.of("../examples/health.yaml"))
            + Files.readString(Path.of("../examples/tls.yaml"));
    for (var section : Sections.of(Shape.of(Configuration.class))) {
      section
          .keys()
          .forEach(key -> assertThat(text).containsPattern("(?m)^[ -]*" + key.name() + ":"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transport: nio",
        "event-loops: 1024",
        "access-log: {}",
        "access-log: { file: x, format: combined }",
        "shutdown-timeout: 5m",
        "admin: { address: '[::1]:80' }",
        "listeners: { w: { address: ':80', routes: [ { pool: p } ] } }",
        "listeners: { w: { address: ':80', pool: p, limits: { body-size: 10, head-size: 4KiB } } }",
        "listeners: { w: { address: ':80', routes: [ { match: { host: '*.a.b' }, pool: p } ] } }",
        "pools: { p: { endpoints: [ { address: 'a:1', weight: 3 }, 'b:1' ] } }",
        "pools: { p: { endpoints: [ 'b:1' ], balancer: { x: { y: [ 1 ] } } } }",
        "pools: { p: { endpoints: [ 'b:1' ], retries: 10, socket: { keep-alive: true } } }",
      })
  void bothAccept(String change) {
    var text = with(change);
    assertThat(byReader(text)).isEmpty();
    assertThat(bySchema(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown: 1",
        "transport: uring",
        "transport: NIO",
        "event-loops: 1025",
        "event-loops: -1",
        "event-loops: '4'",
        "event-loops: 1.5",
        "shutdown-timeout: 5",
        "shutdown-timeout: 5 s",
        "access-log: ~",
        "access-log: { file: '' }",
        "access-log: { file: 5 }",
        "access-log: { format: xml }",
        "admin: 127.0.0.1:80",
        "admin: { address: 80 }",
        "admin: { address: localhost }",
        "listeners: {}",
        "listeners: []",
        "listeners: { w: { pool: p } }",
        "listeners: { w: { address: ':80' } }",
        "listeners: { w: { address: ':80', routes: [] } }",
        "listeners: { w: { address: ':80', pool: p, routes: [ { pool: p } ] } }",
        "listeners: { w: { address: ':80', pool: p, routes: [] } }",
        "listeners: { w: { address: ':80', routes: [ { match: {}, pool: p } ] } }",
        "listeners: { w: { address: ':80', routes: [ { match: { host: 'a.*' }, pool: p } ] } }",
        "listeners: { w: { address: ':80', routes: [ { match: { path-prefix: v1 }, pool: p } ] } }",
        "listeners: { w: { address: ':80', routes: [ { match: { path-prefix: '' }, pool: p } ] } }",
        "listeners: { 'w w': { address: ':80', pool: p } }",
        "listeners: { w: { address: ':80', pool: p, protocol: gopher } }",
        "listeners: { w: { address: ':80', pool: p, limits: { body-size: -1 } } }",
        "listeners: { w: { address: ':80', pool: p, limits: { body-size: 1.5MB } } }",
        "listeners: { w: { address: ':80', pool: p, socket: { tcp-nodelay: yes } } }",
        "pools: { p: { endpoints: [] } }",
        "pools: { p: {} }",
        "pools: { p: { endpoints: 'a:1' } }",
        "pools: { p: { endpoints: [ 1 ] } }",
        "pools: { p: { endpoints: [ {} ] } }",
        "pools: { p: { endpoints: [ { address: 'a:1', weight: -1 } ] } }",
        "pools: { p: { endpoints: [ { address: 'a:1', wait: 1 } ] } }",
        "pools: { p: { endpoints: [ 'a:1' ], balancer: {} } }",
        "pools: { p: { endpoints: [ 'a:1' ], balancer: { a: {}, b: {} } } }",
        "pools: { p: { endpoints: [ 'a:1' ], balancer: { a: 1 } } }",
        "pools: { p: { endpoints: [ 'a:1' ], balancer: 5 } }",
        "pools: { p: { endpoints: [ 'a:1' ], retries: true } }",
      })
  void bothRefuse(String change) {
    var text = with(change);
    assertThat(byReader(text)).as("by the reader").isNotEmpty();
    assertThat(bySchema(text)).as("by the schema").isNotEmpty();
  }

  /** A valid configuration in which one key at the top is another. */
  private static String with(String change) {
    var text = new StringBuilder(change).append('\n');
    if (!change.startsWith("listeners:")) {
      text.append("listeners: { w: { address: ':8080', pool: p } }\n");
    }
    if (!change.startsWith("pools:")) {
      text.append("pools: { p: { endpoints: [ 'a:1' ] } }\n");
    }
    return text.toString();
  }
}
