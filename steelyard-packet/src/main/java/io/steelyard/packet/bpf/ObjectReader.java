package io.steelyard.packet.bpf;

import io.steelyard.packet.bpf.ElfFile.Section;
import io.steelyard.packet.bpf.ElfFile.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes specifications of an ELF file's sections. */
final class ObjectReader {
  private static final String TEXT = ".text";

  /** The kernel accepts no more (BPF_COMPLEXITY_LIMIT_INSNS). */
  private static final int MAX_PROGRAM_BYTES = 8_000_000;

  /** Keeps what is read of a file in proportion to its size. */
  private static final int MAX_PROGRAMS = 64;

  private static final int MAX_DATA_BYTES = 1 << 20;

  private final ElfFile elf;

  ObjectReader(byte[] object) {
    elf = new ElfFile(object);
  }

  ObjectFile read() {
    var types = elf.section(".BTF");
    if (types == null) {
      throw new ObjectFormatException("the object has no section .BTF; compile it with -g");
    }
    var btf = new Btf(types.content());
    var maps = btf.maps();
    return new ObjectFile(license(), btf, maps, data(), programs(maps));
  }

  private String license() {
    var section = elf.section("license");
    if (section == null) {
      throw new ObjectFormatException("the object has no section license");
    }
    return section.content().text(0);
  }

  private List<DataSpec> data() {
    var data = new ArrayList<DataSpec>();
    for (var section : elf.sections()) {
      if (isData(section) && section.size() != 0) {
        data.add(data(section));
      }
    }
    return data;
  }

  private static boolean isData(Section section) {
    return section.name().startsWith(".rodata")
        || section.name().equals(".data")
        || section.name().equals(".bss");
  }

  private DataSpec data(Section section) {
    if (section.size() < 0 || section.size() > MAX_DATA_BYTES) {
      throw new ObjectFormatException(
          "section "
              + section.name()
              + " has "
              + section.size()
              + " bytes, expected at most "
              + MAX_DATA_BYTES);
    }
    boolean empty = section.type() == ElfFile.SECTION_NOBITS;
    byte[] initial = empty ? new byte[(int) section.size()] : section.content().copy();
    var variables = new HashMap<String, DataSpec.Variable>();
    for (var symbol : elf.symbols()) {
      if (symbol.section() == section.index() && !symbol.name().isEmpty()) {
        checkInside(symbol, section);
        variables.put(
            symbol.name(), new DataSpec.Variable((int) symbol.value(), (int) symbol.size()));
      }
    }
    return new DataSpec(section.name(), initial, section.name().startsWith(".rodata"), variables);
  }

  private static void checkInside(Symbol symbol, Section section) {
    boolean inside =
        symbol.value() >= 0
            && symbol.size() >= 0
            && symbol.size() <= section.size()
            && symbol.value() <= section.size() - symbol.size();
    if (!inside) {
      throw new ObjectFormatException(
          symbol.name()
              + " at "
              + symbol.value()
              + ", "
              + symbol.size()
              + " bytes, is outside of section "
              + section.name());
    }
  }

  private List<ProgramSpec> programs(Map<String, MapSpec> maps) {
    var programs = new ArrayList<ProgramSpec>();
    for (var symbol : elf.symbols()) {
      if (symbol.type() == ElfFile.SYMBOL_FUNCTION
          && symbol.section() < elf.sections().size()
          && ProgramKind.isProgramSection(elf.section(symbol.section()).name())) {
        if (programs.size() == MAX_PROGRAMS) {
          throw new ObjectFormatException("the object has more than " + MAX_PROGRAMS + " programs");
        }
        programs.add(program(symbol, maps));
      }
    }
    return programs;
  }

  /** The program's instructions, and behind them all functions of .text when it calls any. */
  private ProgramSpec program(Symbol symbol, Map<String, MapSpec> maps) {
    var section = elf.section(symbol.section());
    checkInside(symbol, section);
    var own = section.content().slice(symbol.name(), symbol.value(), symbol.size()).copy();
    var linked = new LinkedProgram(symbol.name(), elf, maps);
    linked.append(section, symbol.value(), own);
    if (linked.callsFunctions()) {
      var text = elf.section(TEXT);
      if (text == null) {
        throw new ObjectFormatException(symbol.name() + " calls functions that are not there");
      }
      linked.append(text, 0, text.content().copy());
    }
    byte[] code = linked.link();
    if (code.length == 0 || code.length > MAX_PROGRAM_BYTES) {
      throw new ObjectFormatException(
          "program "
              + symbol.name()
              + " has "
              + code.length
              + " bytes, expected 8 to "
              + MAX_PROGRAM_BYTES);
    }
    return new ProgramSpec(symbol.name(), section.name(), code, linked.relocations());
  }
}
