package io.steelyard.packet.bpf;

import io.steelyard.packet.linux.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Fills in descriptors and hands a program to the kernel's verifier. */
final class ProgramLoader {
  private static final int PSEUDO_MAP = 1;
  private static final int PSEUDO_MAP_VALUE = 2;

  /** Enough for the end of what a refused program of this size makes the verifier say. */
  private static final int LOG_BYTES = 4 << 20;

  private static final int LOG_SHOWN = 2000;

  private ProgramLoader() {}

  static BpfProgram load(
      ProgramSpec spec,
      String license,
      Function<String, @Nullable BpfMap> maps,
      Function<String, @Nullable BpfMap> sections) {
    byte[] code = spec.code().clone();
    var buffer = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
    for (var relocation : spec.relocations()) {
      switch (relocation) {
        case Relocation.ToMap(int at, String map) ->
            putAddress(buffer, at, PSEUDO_MAP, maps.apply(map), 0);
        case Relocation.ToData(int at, String section, int offset) ->
            putAddress(buffer, at, PSEUDO_MAP_VALUE, sections.apply(section), offset);
      }
    }
    try (var arena = Arena.ofConfined()) {
      var attributes = attributes(spec, code, license, arena);
      int result = SystemCalls.bpf(Bpf.PROGRAM_LOAD, attributes);
      if (result < 0) {
        throw refused(spec, attributes, arena);
      }
      return new BpfProgram(spec.name(), spec.kind(), new Descriptor(result));
    }
  }

  /** The source register of the instruction says what its immediate values mean. */
  private static void putAddress(
      ByteBuffer code, int at, int meaning, @Nullable BpfMap map, int offset) {
    if (map == null) {
      throw new IllegalStateException("a program refers to a map that was not made");
    }
    code.put(at + 1, (byte) ((code.get(at + 1) & 0x0f) | (meaning << 4)));
    code.putInt(at + 4, map.descriptor());
    code.putInt(at + 12, offset);
  }

  private static MemorySegment attributes(
      ProgramSpec spec, byte[] code, String license, Arena arena) {
    var instructions = arena.allocate(code.length, LinkedProgram.INSTRUCTION_BYTES);
    MemorySegment.copy(code, 0, instructions, ValueLayout.JAVA_BYTE, 0, code.length);
    var attributes = Bpf.attributes(arena);
    Bpf.putInt(attributes, 0, spec.kind().programType());
    Bpf.putInt(attributes, 4, code.length / LinkedProgram.INSTRUCTION_BYTES);
    Bpf.putLong(attributes, 8, instructions.address());
    Bpf.putLong(attributes, 16, arena.allocateFrom(license).address());
    Bpf.putName(attributes, 48, spec.name());
    Bpf.putInt(attributes, 68, spec.kind().attachType());
    return attributes;
  }

  /** Tries again with a log, which costs too much for programs that are right. */
  private static BpfException refused(ProgramSpec spec, MemorySegment attributes, Arena arena) {
    var log = arena.allocate(LOG_BYTES);
    Bpf.putInt(attributes, 24, 1);
    Bpf.putInt(attributes, 28, LOG_BYTES);
    Bpf.putLong(attributes, 32, log.address());
    int result = SystemCalls.bpf(Bpf.PROGRAM_LOAD, attributes);
    if (result >= 0) {
      SystemCalls.close(result);
      return new BpfException(
          "loading program " + spec.name(), 11, "the kernel refused it once, then took it");
    }
    var text = log.getString(0).strip();
    var end = text.substring(Math.max(0, text.length() - LOG_SHOWN));
    return new BpfException(
        "loading program " + spec.name(),
        -result,
        Hints.forProgram(-result) + (end.isEmpty() ? "" : "\nthe verifier says:\n" + end));
  }
}
