package io.steelyard.packet.bpf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Loads an object: creates its maps (or takes those that are pinned), fills in its constants, and
 * lets the kernel verify its programs. For one thread and one {@link #load}.
 */
public final class ObjectLoader {
  private final ObjectFile object;
  private final Map<String, Long> constants = new HashMap<>();
  private final Map<String, UnaryOperator<MapSpec>> sizes = new HashMap<>();
  private final Map<String, BpfMap> shared = new HashMap<>();
  private final Set<String> left = new HashSet<>();
  private @Nullable Path pins;

  public ObjectLoader(ObjectFile object) {
    this.object = object;
  }

  /**
   * Sets a variable of {@code .rodata}. The verifier knows its value and leaves out what it makes
   * impossible.
   */
  public ObjectLoader constant(String name, long value) {
    constants.put(name, value);
    return this;
  }

  /** Changes a map's definition, most often its size. */
  public ObjectLoader map(String name, UnaryOperator<MapSpec> change) {
    sizes.put(name, change);
    return this;
  }

  /**
   * Uses a map of another object in the place of one of this object's; it is not closed with it.
   */
  public ObjectLoader share(String name, BpfMap map) {
    shared.put(name, map);
    return this;
  }

  /** Leaves out a program that nobody calls. */
  public ObjectLoader without(String program) {
    left.add(program);
    return this;
  }

  /** Takes maps that are pinned in a directory, and pins there those that are not. */
  public ObjectLoader pinnedIn(Path directory) {
    pins = directory;
    return this;
  }

  /**
   * Loads.
   *
   * @throws BpfException when the kernel refuses, with the end of the verifier's log
   * @throws IllegalStateException when a pinned map is of another form
   * @throws IllegalArgumentException when a constant or a map was named that the object does not
   *     have
   */
  public LoadedObject load() {
    checkNames();
    var maps = new HashMap<String, BpfMap>();
    var data = new ArrayList<BpfMap>();
    var programs = new HashMap<String, BpfProgram>();
    boolean done = false;
    try {
      for (var spec : object.maps()) {
        var other = shared.get(spec.name());
        maps.put(spec.name(), other == null ? open(resized(spec)) : other);
      }
      var sections = new HashMap<String, BpfMap>();
      for (var spec : object.data()) {
        var map = DataSection.load(spec, constants);
        data.add(map);
        sections.put(spec.section(), map);
      }
      for (var spec : object.programs()) {
        if (!left.contains(spec.name())) {
          programs.put(
              spec.name(), ProgramLoader.load(spec, object.license(), maps::get, sections::get));
        }
      }
      done = true;
      return new LoadedObject(object, maps, programs, List.copyOf(shared.keySet()));
    } finally {
      // Programs hold the data sections that they use.
      data.forEach(BpfMap::close);
      if (!done) {
        programs.values().forEach(BpfProgram::close);
        maps.keySet().removeAll(shared.keySet());
        maps.values().forEach(BpfMap::close);
      }
    }
  }

  private void checkNames() {
    var variables = new ArrayList<String>();
    object.data().forEach(section -> variables.addAll(section.variables().keySet()));
    check("constant", constants.keySet(), variables);
    var maps = object.maps().stream().map(MapSpec::name).toList();
    check("map", sizes.keySet(), maps);
    check("map", shared.keySet(), maps);
    check("program", left, object.programs().stream().map(ProgramSpec::name).toList());
  }

  private static void check(String what, Iterable<String> named, List<String> known) {
    for (var name : named) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "the object has no " + what + " " + name + ", expected one of " + known);
      }
    }
  }

  private MapSpec resized(MapSpec spec) {
    var change = sizes.get(spec.name());
    return change == null ? spec : change.apply(spec);
  }

  private BpfMap open(MapSpec spec) {
    if (pins == null) {
      return BpfMap.create(spec);
    }
    var path = pins.resolve(spec.name());
    if (Files.exists(path)) {
      return BpfMap.pinned(path, spec);
    }
    var map = BpfMap.create(spec);
    try {
      map.pin(path);
    } catch (BpfException refused) {
      map.close();
      throw refused;
    }
    return map;
  }
}
