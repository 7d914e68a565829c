package io.steelyard.packet.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** A section of variables as the kernel has it: an array of one value. */
final class DataSection {
  /** BPF_F_RDONLY_PROG. */
  private static final int FLAG_READ_ONLY = 1 << 7;

  private DataSection() {}

  static BpfMap load(DataSpec spec, Map<String, Long> constants) {
    byte[] content = spec.initial().clone();
    fill(spec, content, constants);
    var map =
        BpfMap.create(
            new MapSpec(
                spec.section(),
                MapType.ARRAY.number(),
                Integer.BYTES,
                content.length,
                1,
                spec.readOnly() ? FLAG_READ_ONLY : 0,
                null));
    try (var arena = Arena.ofConfined()) {
      map.update(
          arena.allocate(ValueLayout.JAVA_INT), arena.allocateFrom(ValueLayout.JAVA_BYTE, content));
      if (spec.readOnly()) {
        map.freeze();
      }
      return map;
    } catch (BpfException refused) {
      map.close();
      throw refused;
    }
  }

  private static void fill(DataSpec spec, byte[] content, Map<String, Long> constants) {
    var buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    constants.forEach((name, value) -> {
      var variable = spec.variables().get(name);
      if (variable != null) {
        put(buffer, name, variable, value);
      }
    });
  }

  private static void put(ByteBuffer buffer, String name, DataSpec.Variable variable, long value) {
    switch (variable.size()) {
      case 1 -> buffer.put(variable.offset(), (byte) value);
      case 2 -> buffer.putShort(variable.offset(), (short) value);
      case 4 -> buffer.putInt(variable.offset(), (int) value);
      case 8 -> buffer.putLong(variable.offset(), value);
      default ->
          throw new IllegalArgumentException(
              "variable " + name + " has " + variable.size() + " bytes, expected 1, 2, 4 or 8");
    }
  }
}
