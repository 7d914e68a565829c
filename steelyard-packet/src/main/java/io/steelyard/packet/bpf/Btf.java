package io.steelyard.packet.bpf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of an object, as far as maps, structures and enumerations need them. Immutable.
 *
 * <p>Source: the kernel's Documentation/bpf/btf.rst.
 */
public final class Btf {
  static final int INT = 1;
  static final int POINTER = 2;
  static final int ARRAY = 3;
  static final int STRUCT = 4;
  static final int UNION = 5;
  static final int ENUM = 6;
  static final int FORWARD = 7;
  static final int TYPEDEF = 8;
  static final int VOLATILE = 9;
  static final int CONST = 10;
  static final int RESTRICT = 11;
  static final int FUNCTION = 12;
  static final int PROTOTYPE = 13;
  static final int VARIABLE = 14;
  static final int DATA_SECTION = 15;
  static final int FLOAT = 16;
  static final int DECLARATION_TAG = 17;
  static final int TYPE_TAG = 18;
  static final int ENUM64 = 19;

  private static final int MAGIC = 0xeb9f;
  private static final int TYPE_BYTES = 12;
  private static final int MEMBER_BYTES = 12;

  /** Longer chains of types than compilers make are circles. */
  private static final int MAX_DEPTH = 32;

  /** The kernel's own limit for values of maps is lower. */
  private static final long MAX_SIZE = 1 << 24;

  private final Bytes types;
  private final Bytes strings;

  /** By number; number 0 is void. */
  private final List<Type> byId = new ArrayList<>();

  /**
   * One type.
   *
   * @param word its size, or the type that it refers to, whatever its kind has
   * @param at where what belongs to its kind starts
   */
  record Type(int id, String name, int kind, int count, int word, int at) {}

  /** A member of a structure, in bits. */
  record Member(String name, int type, long bits) {}

  Btf(Bytes section) {
    if (section.size() < 24 || section.u16(0) != MAGIC) {
      throw new ObjectFormatException("section .BTF does not start with BTF's mark");
    }
    long header = section.u32(4);
    types = section.slice(".BTF types", header + section.u32(8), section.u32(12));
    strings = section.slice(".BTF strings", header + section.u32(16), section.u32(20));
    readTypes();
  }

  /**
   * A structure by its name.
   *
   * @throws ObjectFormatException when there is none
   */
  public Struct struct(String name) {
    for (var type : byId) {
      if (type.kind == STRUCT && type.name.equals(name)) {
        return struct(type);
      }
    }
    throw new ObjectFormatException("the object has no struct " + name);
  }

  /**
   * An enumeration's names and values, in its order.
   *
   * @throws ObjectFormatException when there is none
   */
  public Map<String, Integer> enumeration(String name) {
    for (var type : byId) {
      if (type.kind == ENUM && type.name.equals(name)) {
        var values = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < type.count; i++) {
          values.put(strings.text(types.u32(type.at + 8L * i)), types.i32(type.at + 8L * i + 4));
        }
        return values;
      }
    }
    throw new ObjectFormatException("the object has no enum " + name);
  }

  /** The maps of section {@code .maps}. */
  Map<String, MapSpec> maps() {
    var maps = new LinkedHashMap<String, MapSpec>();
    for (var type : byId) {
      if (type.kind == DATA_SECTION && type.name.equals(".maps")) {
        for (int i = 0; i < type.count; i++) {
          var variable = type(types.i32(type.at + 12L * i));
          maps.put(variable.name, new MapDefinition(this).read(variable));
        }
      }
    }
    return maps;
  }

  Type type(int id) {
    if (id < 0 || id >= byId.size()) {
      throw new ObjectFormatException("there is no BTF type " + id + " of " + byId.size());
    }
    return byId.get(id);
  }

  /** Without typedef, const, volatile and the like. */
  Type resolve(int id) {
    var type = type(id);
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      switch (type.kind) {
        case TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG -> type = type(type.word);
        default -> {
          return type;
        }
      }
    }
    throw new ObjectFormatException("BTF type " + id + " refers to itself");
  }

  List<Member> members(Type struct) {
    var members = new ArrayList<Member>(struct.count);
    for (int i = 0; i < struct.count; i++) {
      long at = struct.at + (long) MEMBER_BYTES * i;
      members.add(new Member(strings.text(types.u32(at)), types.i32(at + 4), types.u32(at + 8)));
    }
    return members;
  }

  /** How many elements an array has. */
  int arrayLength(Type array) {
    int length = types.i32(array.at + 8L);
    if (length < 0) {
      throw new ObjectFormatException(
          "a BTF array has " + Integer.toUnsignedString(length) + " elements");
    }
    return length;
  }

  int arrayElement(Type array) {
    return types.i32(array.at);
  }

  int sizeOf(int id) {
    long size = sizeOf(id, 0);
    if (size < 0 || size > MAX_SIZE) {
      throw new ObjectFormatException(
          "BTF type " + id + " has " + size + " bytes, expected at most " + MAX_SIZE);
    }
    return (int) size;
  }

  private long sizeOf(int id, int depth) {
    if (depth > MAX_DEPTH) {
      throw new ObjectFormatException("BTF type " + id + " holds itself");
    }
    var type = resolve(id);
    return switch (type.kind) {
      case ARRAY -> {
        long element = sizeOf(arrayElement(type), depth + 1);
        yield Math.min(MAX_SIZE + 1, element) * arrayLength(type);
      }
      case POINTER -> Long.BYTES;
      case INT, STRUCT, UNION, ENUM, ENUM64, FLOAT -> Integer.toUnsignedLong(type.word);
      default ->
          throw new ObjectFormatException(
              "BTF type " + id + " of kind " + type.kind + " has no size");
    };
  }

  private Struct struct(Type type) {
    var fields = new LinkedHashMap<String, Struct.Field>();
    for (var member : members(type)) {
      if (member.bits % Byte.SIZE != 0 || member.bits / Byte.SIZE > MAX_SIZE) {
        throw new ObjectFormatException(
            "struct "
                + type.name
                + ": "
                + member.name
                + " is not on a byte, which is not supported");
      }
      fields.put(
          member.name,
          new Struct.Field(member.name, (int) (member.bits / Byte.SIZE), sizeOf(member.type)));
    }
    return new Struct(type.name, sizeOf(type.id), fields);
  }

  private void readTypes() {
    byId.add(new Type(0, "void", 0, 0, 0, 0));
    long at = 0;
    while (at < types.size()) {
      int info = types.i32(at + 4);
      int kind = (info >>> 24) & 0x1f;
      int count = info & 0xffff;
      int behind = (int) at + TYPE_BYTES;
      byId.add(
          new Type(
              byId.size(), strings.text(types.u32(at)), kind, count, types.i32(at + 8), behind));
      at = behind + bytesBehind(kind, count);
    }
  }

  private static long bytesBehind(int kind, int count) {
    return switch (kind) {
      case INT, VARIABLE, DECLARATION_TAG -> 4;
      case ARRAY -> 12;
      case STRUCT, UNION, DATA_SECTION, ENUM64 -> 12L * count;
      case ENUM, PROTOTYPE -> 8L * count;
      case POINTER, FORWARD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNCTION, FLOAT, TYPE_TAG -> 0;
      default -> throw new ObjectFormatException("BTF kind " + kind + " is not known");
    };
  }

  /** The type that a pointer points to, or null when it is no pointer. */
  @Nullable Type pointee(Type type) {
    return type.kind == POINTER ? resolve(type.word) : null;
  }
}
