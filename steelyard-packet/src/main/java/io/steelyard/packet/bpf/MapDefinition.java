package io.steelyard.packet.bpf;

import org.jspecify.annotations.Nullable;

/**
 * Reads one map's definition: a structure whose members say, in the sizes and types that they point
 * to, what the map is like. {@code __uint(x, 5)} is {@code int (*x)[5]}, {@code __type(key, T)} is
 * {@code T *key}, {@code __array(values, T)} is {@code T *values[]}.
 */
final class MapDefinition {
  private final Btf btf;
  private int type;
  private int keySize;
  private int valueSize;
  private int maxEntries;
  private int flags;
  private @Nullable MapSpec inner;

  MapDefinition(Btf btf) {
    this.btf = btf;
  }

  MapSpec read(Btf.Type variable) {
    return read(variable.name(), btf.resolve(variable.word()), true);
  }

  private MapSpec read(String name, Btf.Type struct, boolean mayHoldMaps) {
    if (struct.kind() != Btf.STRUCT) {
      throw new ObjectFormatException("map " + name + " is not defined by a structure");
    }
    for (var member : btf.members(struct)) {
      readMember(name, member, mayHoldMaps);
    }
    // The kernel counts a map in a map by the descriptor that is given for it.
    int size = inner == null ? valueSize : Integer.BYTES;
    return new MapSpec(name, type, keySize, size, maxEntries, flags, inner);
  }

  private void readMember(String map, Btf.Member member, boolean mayHoldMaps) {
    var shape = btf.resolve(member.type());
    switch (member.name()) {
      case "type" -> type = number(map, shape);
      case "max_entries" -> maxEntries = number(map, shape);
      case "map_flags" -> flags = number(map, shape);
      case "key_size" -> keySize = number(map, shape);
      case "value_size" -> valueSize = number(map, shape);
      case "key" -> keySize = btf.sizeOf(pointee(map, shape).id());
      case "value" -> valueSize = btf.sizeOf(pointee(map, shape).id());
      case "values" -> inner = readInner(map, shape, mayHoldMaps);
      default ->
          throw new ObjectFormatException(
              "map " + map + " has " + member.name() + ", which is not supported");
    }
  }

  private @Nullable MapSpec readInner(String map, Btf.Type values, boolean mayHoldMaps) {
    if (!mayHoldMaps || values.kind() != Btf.ARRAY) {
      throw new ObjectFormatException("map " + map + ": values is not an array of map definitions");
    }
    var definition = pointee(map, btf.resolve(btf.arrayElement(values)));
    if (definition.kind() == Btf.PROTOTYPE) {
      return null; // programs: the values of a PROG_ARRAY, named for the reader
    }
    return new MapDefinition(btf).read(map + "_inner", definition, false);
  }

  private int number(String map, Btf.Type pointer) {
    var array = pointee(map, pointer);
    if (array.kind() != Btf.ARRAY) {
      throw new ObjectFormatException("map " + map + " has a member that is not a number");
    }
    return btf.arrayLength(array);
  }

  private Btf.Type pointee(String map, Btf.Type pointer) {
    var pointee = btf.pointee(pointer);
    if (pointee == null) {
      throw new ObjectFormatException("map " + map + " has a member that points to no type");
    }
    return pointee;
  }
}
