package io.steelyard.packet.bpf;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What an eBPF object file holds. Reading one touches nothing of the kernel. Immutable.
 *
 * <p>Source: ELF-64, relocations as in the kernel's Documentation/bpf/llvm_reloc.rst, map
 * definitions as in libbpf.
 */
public final class ObjectFile {
  /** More than any program that a kernel accepts; what is larger is not read. */
  public static final int MAX_BYTES = 16 << 20;

  private final String license;
  private final Btf btf;
  private final Map<String, MapSpec> maps;
  private final List<DataSpec> data;
  private final List<ProgramSpec> programs;

  ObjectFile(
      String license,
      Btf btf,
      Map<String, MapSpec> maps,
      List<DataSpec> data,
      List<ProgramSpec> programs) {
    this.license = license;
    this.btf = btf;
    this.maps = Map.copyOf(maps);
    this.data = List.copyOf(data);
    this.programs = List.copyOf(programs);
  }

  /**
   * Reads an object.
   *
   * @throws ObjectFormatException for anything that is not a well-formed little-endian eBPF object
   *     with BTF, or needs what is not supported here
   */
  public static ObjectFile read(byte[] object) {
    return new ObjectReader(object).read();
  }

  /** The licence that the kernel is told; some helpers are for GPL-compatible programs only. */
  public String license() {
    return license;
  }

  /** The types of the program, from which structures are read and written by name. */
  public Btf btf() {
    return btf;
  }

  /** The maps that it defines. */
  public Collection<MapSpec> maps() {
    return maps.values();
  }

  /** The names of its programs, in the order of the file. */
  public List<String> programNames() {
    return programs.stream().map(ProgramSpec::name).toList();
  }

  List<DataSpec> data() {
    return data;
  }

  List<ProgramSpec> programs() {
    return programs;
  }

  /** The instructions of a program before anything is filled in, for comparison. */
  byte[] code(String program) {
    return programs.stream()
        .filter(spec -> spec.name().equals(program))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no program " + program))
        .code();
  }
}
