package io.steelyard.packet.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With the kernel that the tests run on; needs root. */
@NeedsRoot
class LoaderTest {
  private final Arena arena = Arena.ofConfined();
  private final byte[] frame = new byte[64];

  @AfterEach
  void release() {
    arena.close();
  }

  private MemorySegment number(int value) {
    return arena.allocateFrom(ValueLayout.JAVA_INT, value);
  }

  private MemorySegment pair(LoadedObject object, int first, int second) {
    var struct = object.btf().struct("pair");
    var pair = struct.allocate(arena);
    struct.field("first").set(pair, first);
    struct.field("second").set(pair, second);
    return pair;
  }

  /** Constants, variables, calls of functions that call others, and a map in a map. */
  @Test
  void everythingThatAProgramRefersToIsThere() {
    try (var object =
            new ObjectLoader(Objects.read("loader"))
                .constant("addend", 10_000)
                .constant("wide", 500_000)
                .load();
        var inner = object.map("outer").createInner()) {
      inner.update(number(1), number(3));
      object.map("outer").update(number(0), inner);
      object.map("pairs").update(number(7), pair(object, 200, 70));
      int started = 40;
      int green = 5;
      int expected = 10_000 + 500_000 + 3 + 2 * 200 + 70 + started + green;
      var program = object.program("sum");
      assertThat(program.testRun(frame, 1).verdict()).isEqualTo(expected + 1);
      assertThat(program.testRun(frame, 1).verdict()).as("runs").isEqualTo(expected + 2);
    }
  }

  @Test
  void programsCallOthersThroughAMap() {
    try (var object = new ObjectLoader(Objects.read("loader")).load()) {
      assertThat(object.program("jump").testRun(frame, 1).verdict()).isEqualTo(99);
      object.map("next").update(number(0), object.program("sum"));
      assertThat(object.program("jump").testRun(frame, 1).verdict()).isZero();
    }
  }

  @Test
  void hashesAreWrittenReadVisitedAndEmptied() {
    try (var object = new ObjectLoader(Objects.read("loader")).load()) {
      var pairs = object.map("pairs");
      var read = object.btf().struct("pair").allocate(arena);
      assertThat(pairs.lookup(number(1), read)).isFalse();
      assertThat(pairs.delete(number(1))).isFalse();
      for (int i = 0; i < 8; i++) {
        assertThat(pairs.insert(number(i), pair(object, i * 10, i))).isTrue();
      }
      assertThat(pairs.insert(number(3), pair(object, 0, 0))).isFalse();
      assertThat(pairs.lookup(number(3), read)).isTrue();
      assertThat(object.btf().struct("pair").field("first").get(read)).isEqualTo(30);
      assertThatThrownBy(() -> pairs.update(number(8), pair(object, 0, 0)))
          .isInstanceOf(BpfException.class)
          .hasMessageContaining("writing map pairs")
          .hasMessageContaining("it is full with 8 entries");
      assertThat(visit(pairs, 5)).hasSize(8);
      assertThat(visit(pairs, -1)).hasSize(7).doesNotContainKey(5);
    }
  }

  private Map<Integer, Integer> visit(BpfMap map, int deleted) {
    var seen = new HashMap<Integer, Integer>();
    map.forEach((key, value) -> {
      seen.put(key.get(ValueLayout.JAVA_INT, 0), value.get(ValueLayout.JAVA_INT, 0));
      return key.get(ValueLayout.JAVA_INT, 0) == deleted;
    });
    return seen;
  }

  @Test
  void valuesPerProcessorAreReadTogether() {
    try (var object = new ObjectLoader(Objects.read("loader")).load()) {
      var map = object.map("per_processor");
      object.program("sum").testRun(frame, 9);
      var values = arena.allocate(map.valueBytes(), 8);
      map.lookup(number(0), values);
      int sum = 0;
      for (int i = 0; i < BpfMap.possibleProcessors(); i++) {
        sum += values.get(ValueLayout.JAVA_INT, i * 8L);
      }
      assertThat(sum).isEqualTo(9);
    }
  }

  @Test
  void memoryOfAnArrayIsShared() {
    try (var object = new ObjectLoader(Objects.read("loader")).load();
        var inner = object.map("outer").createInner();
        var mapping = Arena.ofConfined()) {
      inner.mapped(mapping).set(ValueLayout.JAVA_INT, 3L * inner.stride(), 77);
      var value = arena.allocate(ValueLayout.JAVA_INT);
      inner.lookup(number(3), value);
      assertThat(value.get(ValueLayout.JAVA_INT, 0)).isEqualTo(77);
    }
  }

  @Test
  void sizesAreChecked() {
    try (var object = new ObjectLoader(Objects.read("loader")).load()) {
      assertThatThrownBy(() -> object.map("pairs").lookup(number(1), number(2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("map pairs has keys of 4 bytes and values of 24, found 4 and 4");
    }
  }

  @Test
  void whatIsNotThereIsNamed() {
    var loader = new ObjectLoader(Objects.read("loader")).constant("addent", 1);
    assertThatThrownBy(loader::load)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the object has no constant addent, expected one of ");
  }

  @Test
  void theVerifierSpeaks() {
    var loader = new ObjectLoader(Objects.read("refused"));
    assertThatThrownBy(loader::load)
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("loading program reads_too_far: EACCES")
        .hasMessageContaining("the verifier says:")
        .hasMessageContaining("invalid access to packet");
  }

  @Test
  void mapsThatTheKernelDoesNotHaveAreNamed() {
    assertThatThrownBy(() -> BpfMap.create(new MapSpec("odd", 9, 4, 4, 8, 1 << 30, null)))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("creating map odd: EINVAL")
        .hasMessageContaining("LRU_HASH (since Linux 4.10) with flags 0x40000000");
  }

  @Test
  void interfacesThatAreMissingAreNamed() {
    try (var object = new ObjectLoader(Objects.read("floor")).load()) {
      assertThatThrownBy(() -> BpfLink.attach(object.program("swap"), 987_654, XdpMode.GENERIC))
          .isInstanceOf(BpfException.class)
          .hasMessageContaining("attaching swap to interface number 987654: EINVAL")
          .hasMessageContaining("there may be no such interface");
    }
  }

  /** A file of ours in a directory that is no bpffs. */
  @Test
  void pinningNeedsABpffs(@org.junit.jupiter.api.io.TempDir java.nio.file.Path directory) {
    var loader = new ObjectLoader(Objects.read("loader")).pinnedIn(directory);
    assertThatThrownBy(loader::load)
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("mount -t bpf bpf DIRECTORY");
  }
}
