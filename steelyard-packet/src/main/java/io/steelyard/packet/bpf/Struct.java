package io.steelyard.packet.bpf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/**
 * A structure that Java and a program share, laid out as the program's compiler did it: there is no
 * second description that could differ. Fields are looked up once and kept. Immutable.
 */
public final class Struct {
  private final String name;
  private final int size;
  private final Map<String, Field> fields;

  Struct(String name, int size, Map<String, Field> fields) {
    this.name = name;
    this.size = size;
    this.fields = Map.copyOf(fields);
  }

  /** How many bytes it has. */
  public int size() {
    return size;
  }

  /** Zeroed memory for one. */
  public MemorySegment allocate(SegmentAllocator allocator) {
    return allocator.allocate(size, Long.BYTES);
  }

  /**
   * A field by its name.
   *
   * @throws ObjectFormatException when there is none
   */
  public Field field(String field) {
    var found = fields.get(field);
    if (found == null) {
      throw new ObjectFormatException("struct " + name + " has no member " + field);
    }
    return found;
  }

  /**
   * A member of a structure: numbers of 1, 2, 4 or 8 bytes in the machine's order, or bytes as they
   * are on the wire.
   *
   * @param offset in bytes from the start
   * @param size in bytes
   */
  public record Field(String name, int offset, int size) {
    /** The value as an unsigned number (8 bytes: as they are). */
    public long get(MemorySegment struct) {
      return switch (size) {
        case 1 -> struct.get(ValueLayout.JAVA_BYTE, offset) & 0xffL;
        case 2 -> struct.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset) & 0xffffL;
        case 4 -> struct.get(ValueLayout.JAVA_INT_UNALIGNED, offset) & 0xffff_ffffL;
        case 8 -> struct.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
        default -> throw notANumber();
      };
    }

    /** Stores the low bytes of a number. */
    public void set(MemorySegment struct, long value) {
      switch (size) {
        case 1 -> struct.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
        case 2 -> struct.set(ValueLayout.JAVA_SHORT_UNALIGNED, offset, (short) value);
        case 4 -> struct.set(ValueLayout.JAVA_INT_UNALIGNED, offset, (int) value);
        case 8 -> struct.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
        default -> throw notANumber();
      }
    }

    /** The bytes as they are. */
    public byte[] bytes(MemorySegment struct) {
      return struct.asSlice(offset, size).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Stores bytes as they are; as many as the field has. */
    public void setBytes(MemorySegment struct, byte[] value) {
      if (value.length != size) {
        throw new IllegalArgumentException(name + " has " + size + " bytes, found " + value.length);
      }
      MemorySegment.copy(value, 0, struct, ValueLayout.JAVA_BYTE, offset, size);
    }

    private IllegalStateException notANumber() {
      return new IllegalStateException(name + " of " + size + " bytes is not a number");
    }
  }
}
