package io.steelyard.packet.bpf;

import java.util.List;
import java.util.Map;

/** An object's maps and programs in the kernel. Thread-safe. */
public final class LoadedObject implements AutoCloseable {
  private final ObjectFile object;
  private final Map<String, BpfMap> maps;
  private final Map<String, BpfProgram> programs;
  private final List<String> shared;

  LoadedObject(
      ObjectFile object,
      Map<String, BpfMap> maps,
      Map<String, BpfProgram> programs,
      List<String> shared) {
    this.object = object;
    this.maps = Map.copyOf(maps);
    this.programs = Map.copyOf(programs);
    this.shared = shared;
  }

  /** The types that Java shares with the programs. */
  public Btf btf() {
    return object.btf();
  }

  /**
   * A map by its name.
   *
   * @throws IllegalArgumentException when the object has none of this name
   */
  public BpfMap map(String name) {
    return named("map", maps, name);
  }

  /**
   * A program by its name.
   *
   * @throws IllegalArgumentException when the object has none of this name
   */
  public BpfProgram program(String name) {
    return named("program", programs, name);
  }

  private static <T> T named(String what, Map<String, T> known, String name) {
    var found = known.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "the object has no " + what + " " + name + ", expected one of " + known.keySet());
    }
    return found;
  }

  /** Lets go of everything but what is shared; what is attached or pinned goes on. */
  @Override
  public void close() {
    programs.values().forEach(BpfProgram::close);
    maps.forEach((name, map) -> {
      if (!shared.contains(name)) {
        map.close();
      }
    });
  }
}
