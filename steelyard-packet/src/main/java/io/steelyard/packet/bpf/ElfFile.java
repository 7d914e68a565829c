package io.steelyard.packet.bpf;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sections and symbols of a 64-bit little-endian ELF file for eBPF. */
final class ElfFile {
  static final int SECTION_PROGBITS = 1;
  static final int SECTION_SYMBOLS = 2;
  static final int SECTION_NOBITS = 8;
  static final int SECTION_RELOCATIONS = 9;
  static final int SYMBOL_FUNCTION = 2;
  static final int SYMBOL_SECTION = 3;
  static final int RELOCATION_BYTES = 16;

  private static final int MAGIC = 0x464c457f;
  private static final int CLASS_64_LITTLE_ENDIAN = 0x0102;
  private static final int MACHINE_BPF = 247;
  private static final int HEADER_BYTES = 64;
  private static final int SECTION_HEADER_BYTES = 64;
  private static final int SYMBOL_BYTES = 24;

  private final Bytes file;
  private final List<Section> sections;
  private final List<Symbol> symbols;

  /** {@code content} is empty for a section that has a size only. */
  record Section(int index, String name, int type, Bytes content, long size, int link, int info) {}

  record Symbol(String name, int type, int section, long value, long size) {}

  ElfFile(byte[] bytes) {
    if (bytes.length > ObjectFile.MAX_BYTES) {
      throw new ObjectFormatException(
          "the object has " + bytes.length + " bytes, expected at most " + ObjectFile.MAX_BYTES);
    }
    file = Bytes.of("object", bytes);
    checkHeader();
    sections = readSections();
    symbols = readSymbols();
  }

  List<Section> sections() {
    return sections;
  }

  Section section(int index) {
    if (index < 0 || index >= sections.size()) {
      throw new ObjectFormatException(
          "there is no section " + index + ", the object has " + sections.size());
    }
    return sections.get(index);
  }

  @Nullable Section section(String name) {
    for (var section : sections) {
      if (section.name.equals(name)) {
        return section;
      }
    }
    return null;
  }

  List<Symbol> symbols() {
    return symbols;
  }

  Symbol symbol(int index) {
    if (index < 0 || index >= symbols.size()) {
      throw new ObjectFormatException(
          "there is no symbol " + index + ", the object has " + symbols.size());
    }
    return symbols.get(index);
  }

  private void checkHeader() {
    if (file.size() < HEADER_BYTES || file.i32(0) != MAGIC) {
      throw new ObjectFormatException("the object is not an ELF file");
    }
    if (file.u16(4) != CLASS_64_LITTLE_ENDIAN) {
      throw new ObjectFormatException(
          "the object is of class and byte order "
              + Integer.toHexString(file.u16(4))
              + ", expected 64 bits, little-endian");
    }
    if (file.u16(18) != MACHINE_BPF) {
      throw new ObjectFormatException(
          "the object is for machine " + file.u16(18) + ", expected eBPF (" + MACHINE_BPF + ")");
    }
  }

  private List<Section> readSections() {
    long table = file.i64(40);
    int entryBytes = file.u16(58);
    int count = file.u16(60);
    if (entryBytes != SECTION_HEADER_BYTES) {
      throw new ObjectFormatException(
          "section headers of " + entryBytes + " bytes, expected " + SECTION_HEADER_BYTES);
    }
    var headers = file.slice("section headers", table, (long) count * SECTION_HEADER_BYTES);
    int namesIndex = file.u16(62);
    if (namesIndex >= count) {
      throw new ObjectFormatException(
          "the section of names is number " + namesIndex + " of " + count);
    }
    var names = content(headers, namesIndex, "section names");
    var read = new ArrayList<Section>(count);
    for (int i = 0; i < count; i++) {
      int at = i * SECTION_HEADER_BYTES;
      var name = names.text(headers.u32(at));
      read.add(
          new Section(
              i,
              name,
              headers.i32(at + 4),
              content(headers, i, name),
              headers.i64(at + 32),
              headers.i32(at + 40),
              headers.i32(at + 44)));
    }
    return List.copyOf(read);
  }

  private Bytes content(Bytes headers, int index, String name) {
    int at = index * SECTION_HEADER_BYTES;
    if (headers.i32(at + 4) == SECTION_NOBITS) {
      return file.slice(name, 0, 0);
    }
    return file.slice(name, headers.i64(at + 24), headers.i64(at + 32));
  }

  private List<Symbol> readSymbols() {
    var read = new ArrayList<Symbol>();
    for (var section : sections) {
      if (section.type == SECTION_SYMBOLS) {
        readSymbols(section, read);
      }
    }
    return List.copyOf(read);
  }

  private void readSymbols(Section table, List<Symbol> into) {
    if (!into.isEmpty()) {
      throw new ObjectFormatException("the object has two symbol tables, expected one");
    }
    var names = section(table.link).content;
    for (int at = 0; at + SYMBOL_BYTES <= table.content.size(); at += SYMBOL_BYTES) {
      var bytes = table.content;
      into.add(
          new Symbol(
              names.text(bytes.u32(at)),
              bytes.u8(at + 4) & 0xf,
              bytes.u16(at + 6),
              bytes.i64(at + 8),
              bytes.i64(at + 16)));
    }
  }
}
