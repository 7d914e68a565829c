package io.steelyard.packet.bpf;

import io.steelyard.packet.bpf.ElfFile.Section;
import io.steelyard.packet.bpf.ElfFile.Symbol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a program and the functions that it calls behind each other, makes the calls meet, and lists
 * what remains to be filled in when maps have descriptors.
 */
final class LinkedProgram {
  static final int INSTRUCTION_BYTES = 8;

  private static final int RELOCATE_ADDRESS = 1; // R_BPF_64_64
  private static final int RELOCATE_CALL = 10; // R_BPF_64_32
  private static final int CODE_LOAD_ADDRESS = 0x18; // BPF_LD | BPF_IMM | BPF_DW
  private static final int CODE_CALL = 0x85; // BPF_JMP | BPF_CALL
  private static final int PSEUDO_CALL = 1;

  private final String name;
  private final ElfFile elf;
  private final Map<String, MapSpec> maps;
  private final List<Part> parts = new ArrayList<>();
  private final List<Relocation> relocations = new ArrayList<>();
  private int size;

  /** Instructions that come from {@code from} in a section and go to {@code to} in the program. */
  private static final class Part {
    final Section section;
    final long from;
    final byte[] code;
    final int to;

    Part(Section section, long from, byte[] code, int to) {
      this.section = section;
      this.from = from;
      this.code = code;
      this.to = to;
    }

    boolean covers(long offset) {
      return offset >= from && offset < from + code.length;
    }
  }

  LinkedProgram(String name, ElfFile elf, Map<String, MapSpec> maps) {
    this.name = name;
    this.elf = elf;
    this.maps = maps;
  }

  void append(Section section, long from, byte[] code) {
    if (code.length % INSTRUCTION_BYTES != 0) {
      throw problem(
          "has " + code.length + " bytes of " + section.name() + ", expected whole instructions");
    }
    parts.add(new Part(section, from, code, size));
    size += code.length;
  }

  /** Whether an instruction calls a function of the object, rather than of the kernel. */
  boolean callsFunctions() {
    for (var part : parts) {
      for (int at = 0; at < part.code.length; at += INSTRUCTION_BYTES) {
        if ((part.code[at] & 0xff) == CODE_CALL && part.code[at + 1] >> 4 == PSEUDO_CALL) {
          return true;
        }
      }
    }
    return false;
  }

  List<Relocation> relocations() {
    return relocations;
  }

  byte[] link() {
    var code = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    parts.forEach(part -> code.put(part.to, part.code));
    var relocated = new HashMap<Integer, Boolean>();
    for (var section : elf.sections()) {
      if (section.type() == ElfFile.SECTION_RELOCATIONS) {
        relocate(section, code, relocated);
      }
    }
    return code.array();
  }

  private void relocate(Section table, ByteBuffer code, Map<Integer, Boolean> relocated) {
    var entries = table.content();
    for (int at = 0;
        at + ElfFile.RELOCATION_BYTES <= entries.size();
        at += ElfFile.RELOCATION_BYTES) {
      long offset = entries.i64(at);
      for (var part : parts) {
        if (part.section.index() == table.info() && part.covers(offset)) {
          int place = instruction(part, offset);
          if (relocated.put(place, true) != null) {
            throw problem("has two relocations of one instruction");
          }
          relocate(part, place, entries.i32(at + 8), elf.symbol(entries.i32(at + 12)), code);
        }
      }
    }
  }

  private int instruction(Part part, long offset) {
    if ((offset - part.from) % INSTRUCTION_BYTES != 0) {
      throw problem("has a relocation within an instruction, at " + offset);
    }
    return part.to + (int) (offset - part.from);
  }

  private void relocate(Part part, int at, int type, Symbol symbol, ByteBuffer code) {
    switch (type) {
      case RELOCATE_ADDRESS -> address(at, symbol, code);
      case RELOCATE_CALL -> call(part, at, symbol, code);
      default -> throw problem("has a relocation of type " + type + ", which is not supported");
    }
  }

  private void address(int at, Symbol symbol, ByteBuffer code) {
    if ((code.get(at) & 0xff) != CODE_LOAD_ADDRESS || at + 2 * INSTRUCTION_BYTES > size) {
      throw problem("has an address where there is no instruction that loads one, at " + at);
    }
    var target = elf.section(symbol.section());
    if (target.name().equals(".maps")) {
      if (!maps.containsKey(symbol.name())) {
        throw problem("refers to map " + symbol.name() + ", which is not defined");
      }
      relocations.add(new Relocation.ToMap(at, symbol.name()));
      return;
    }
    if (!target.name().startsWith(".rodata")
        && !target.name().equals(".data")
        && !target.name().equals(".bss")) {
      throw problem("refers to section " + target.name() + ", which is not supported");
    }
    long offset = symbol.value() + code.getInt(at + 4);
    if (offset < 0 || offset >= target.size()) {
      throw problem(
          "refers to byte "
              + offset
              + " of section "
              + target.name()
              + ", which has "
              + target.size());
    }
    relocations.add(new Relocation.ToData(at, target.name(), (int) offset));
  }

  /** The distance of a call is counted in instructions from the one that follows it. */
  private void call(Part part, int at, Symbol symbol, ByteBuffer code) {
    if ((code.get(at) & 0xff) != CODE_CALL) {
      throw problem("has a call where there is no instruction that calls, at " + at);
    }
    long inSection =
        symbol.type() == ElfFile.SYMBOL_SECTION
            ? (code.getInt(at + 4) + 1L) * INSTRUCTION_BYTES
            : symbol.value();
    var target = target(part, symbol, inSection);
    long to = target.to + (inSection - target.from);
    code.putInt(at + 4, (int) ((to - at) / INSTRUCTION_BYTES - 1));
  }

  private Part target(Part caller, Symbol symbol, long offset) {
    for (var part : parts) {
      if (part.section.index() == symbol.section()
          && part.covers(offset)
          && offset % INSTRUCTION_BYTES == 0) {
        return part;
      }
    }
    throw problem(
        "calls " + symbol.name() + " from " + caller.section.name() + ", which is not part of it");
  }

  private ObjectFormatException problem(String what) {
    return new ObjectFormatException("program " + name + " " + what);
  }
}
