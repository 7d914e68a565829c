package io.steelyard.packet.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectFileTest {
  private final ObjectFile object = Objects.read("loader");

  @Test
  void mapsAreReadFromTheirTypes() {
    Map<String, MapSpec> maps =
        object.maps().stream().collect(Collectors.toMap(MapSpec::name, map -> map));
    assertThat(maps.keySet()).containsExactlyInAnyOrder("pairs", "outer", "next", "per_processor");
    assertThat(maps.get("pairs")).isEqualTo(new MapSpec("pairs", 1, 4, 24, 8, 0, null));
    var inner = new MapSpec("outer_inner", 2, 4, 4, 4, 1 << 10, null);
    assertThat(maps.get("outer")).isEqualTo(new MapSpec("outer", 12, 4, 4, 2, 0, inner));
  }

  @Test
  void programsAndLicense() {
    assertThat(object.programNames()).containsExactly("sum", "jump");
    assertThat(object.license()).isEqualTo("Dual MIT/GPL");
  }

  @Test
  void structuresAreReadByName() {
    var pair = object.btf().struct("pair");
    assertThat(pair.size()).isEqualTo(24);
    assertThat(pair.field("second")).isEqualTo(new Struct.Field("second", 4, 2));
    assertThat(pair.field("bytes")).isEqualTo(new Struct.Field("bytes", 6, 6));
    assertThat(pair.field("third")).isEqualTo(new Struct.Field("third", 16, 8));
    assertThatThrownBy(() -> pair.field("fourth"))
        .isInstanceOf(ObjectFormatException.class)
        .hasMessage("struct pair has no member fourth");
  }

  @Test
  void enumerationsAreReadInTheirOrder() {
    assertThat(object.btf().enumeration("colour"))
        .containsExactly(
            Map.entry("COLOUR_RED", 0), Map.entry("COLOUR_GREEN", 5), Map.entry("COLOURS", 6));
  }

  @Test
  void whatIsNotAnObjectIsNamed() {
    assertThatThrownBy(
            () -> ObjectFile.read("#!/bin/sh".repeat(10).getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ObjectFormatException.class)
        .hasMessage("the object is not an ELF file");
    assertThatThrownBy(() -> ObjectFile.read(new byte[0]))
        .isInstanceOf(ObjectFormatException.class);
  }

  @Test
  void anObjectOfAnotherMachineIsNamed() {
    byte[] changed = Objects.bytes("loader");
    changed[18] = 62;
    assertThatThrownBy(() -> ObjectFile.read(changed))
        .isInstanceOf(ObjectFormatException.class)
        .hasMessage("the object is for machine 62, expected eBPF (247)");
  }

  /** An object may be cut at any place; what it says then is never an error of ours. */
  @ParameterizedTest
  @ValueSource(strings = {"loader", "forward4", "endpoint"})
  void cutObjectsAreRefused(String name) {
    byte[] whole = Objects.bytes(name);
    for (int length = 0; length < whole.length; length += 61) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ObjectFile.read(cut)).isInstanceOf(ObjectFormatException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"loader", "forward6", "floor"})
  void changedObjectsAreReadOrRefused(String name) {
    var random = new Random(7);
    byte[] whole = Objects.bytes(name);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] changed = whole.clone();
      for (int change = 0; change <= i % 4; change++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      refused += ObjectInvariants.holdFor(changed) ? 0 : 1;
    }
    assertThat(refused).isBetween(1, 2999);
  }
}
