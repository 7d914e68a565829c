package io.steelyard.packet.bpf;

import io.steelyard.packet.linux.Errno;
import io.steelyard.packet.linux.SystemCalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * A map of the kernel's. Thread-safe; an operation is one system call, 1 to 2 µs. Keys and values
 * are handed in by the caller, in memory of their exact sizes.
 */
public final class BpfMap implements AutoCloseable {
  private static final int INFO_BYTES = 48;
  private static final int NO_FLAGS = 0;
  private static final int ONLY_NEW = 1;
  private static final int FLAG_MAPPABLE = 1 << 10;
  private static final int BATCH = 4096;

  private final MapSpec spec;
  private final Descriptor descriptor;

  private BpfMap(MapSpec spec, Descriptor descriptor) {
    this.spec = spec;
    this.descriptor = descriptor;
  }

  /**
   * Creates a map.
   *
   * @throws BpfException when the kernel refuses
   */
  public static BpfMap create(MapSpec spec) {
    var inner = spec.inner();
    if (inner == null) {
      return create(spec, 0);
    }
    // The kernel wants an example of what it will hold; the map of maps keeps its form only.
    try (var example = create(inner)) {
      return create(spec, example.descriptor());
    }
  }

  /** Creates a map of the form that this map of maps holds. */
  public BpfMap createInner() {
    var inner = spec.inner();
    if (inner == null) {
      throw new IllegalStateException("map " + spec.name() + " holds no maps");
    }
    return create(inner);
  }

  private static BpfMap create(MapSpec spec, int inner) {
    try (var arena = Arena.ofConfined()) {
      var attributes = Bpf.attributes(arena);
      Bpf.putInt(attributes, 0, spec.type());
      Bpf.putInt(attributes, 4, spec.keySize());
      Bpf.putInt(attributes, 8, spec.valueSize());
      Bpf.putInt(attributes, 12, spec.maxEntries());
      Bpf.putInt(attributes, 16, spec.flags());
      Bpf.putInt(attributes, 20, inner);
      Bpf.putName(attributes, 28, spec.name());
      int result = SystemCalls.bpf(Bpf.MAP_CREATE, attributes);
      var hint = result < 0 ? Hints.forMap(spec, -result) : "";
      return new BpfMap(
          spec, new Descriptor(Bpf.check(result, "creating map " + spec.name(), hint)));
    }
  }

  /**
   * Opens a map that is pinned.
   *
   * @param expected what it should be like
   * @throws BpfException with {@link Errno#ENOENT} when nothing is pinned there
   * @throws IllegalStateException when it is of another form
   */
  static BpfMap pinned(Path path, MapSpec expected) {
    var descriptor = Descriptor.pinned(path);
    try (var arena = Arena.ofConfined()) {
      var info = Bpf.info(descriptor.number(), INFO_BYTES, arena);
      var found =
          new MapSpec(
              expected.name(),
              Bpf.getInt(info, 0),
              Bpf.getInt(info, 8),
              Bpf.getInt(info, 12),
              Bpf.getInt(info, 16),
              Bpf.getInt(info, 20),
              expected.inner());
      if (!found.equals(expected)) {
        descriptor.close();
        throw new IllegalStateException(
            "the map pinned at " + path + " is " + found + ", expected " + expected);
      }
      return new BpfMap(expected, descriptor);
    }
  }

  /** What it is like. */
  public MapSpec spec() {
    return spec;
  }

  int descriptor() {
    return descriptor.number();
  }

  /**
   * How many bytes a value has outside of the kernel: per-processor maps have one per processor.
   */
  public int valueBytes() {
    return MapType.isPerCpu(spec.type())
        ? roundUp(spec.valueSize()) * possibleProcessors()
        : spec.valueSize();
  }

  /** Where the next element starts in memory that {@link #mapped} gave, in bytes. */
  public int stride() {
    return roundUp(spec.valueSize());
  }

  private static int roundUp(int bytes) {
    return (bytes + 7) & ~7;
  }

  /** How many values a per-processor map has; the kernel counts those that could be plugged in. */
  public static int possibleProcessors() {
    try {
      var text = Files.readString(Path.of("/sys/devices/system/cpu/possible")).strip();
      int last = Math.max(text.lastIndexOf('-'), text.lastIndexOf(','));
      return Integer.parseInt(text.substring(last + 1)) + 1;
    } catch (IOException | NumberFormatException unreadable) {
      throw new IllegalStateException("cannot tell how many processors are possible", unreadable);
    }
  }

  /** Reads an element into {@code value}; false when there is none. */
  public boolean lookup(MemorySegment key, MemorySegment value) {
    checkSizes(key, value);
    return present(element(Bpf.MAP_LOOKUP, key, value.address(), NO_FLAGS), "reading");
  }

  /** Stores an element, new or not. */
  public void update(MemorySegment key, MemorySegment value) {
    checkSizes(key, value);
    int result = element(Bpf.MAP_UPDATE, key, value.address(), NO_FLAGS);
    Bpf.check(result, "writing map " + spec.name(), fullHint(result));
  }

  /** Stores an element unless there is one of this key; false when there is. */
  public boolean insert(MemorySegment key, MemorySegment value) {
    checkSizes(key, value);
    int result = element(Bpf.MAP_UPDATE, key, value.address(), ONLY_NEW);
    if (result < 0 && Errno.of(-result) == Errno.EEXIST) {
      return false;
    }
    Bpf.check(result, "writing map " + spec.name(), fullHint(result));
    return true;
  }

  String fullHint(int result) {
    var errno = Errno.of(-result);
    return errno == Errno.E2BIG || errno == Errno.ENOSPC
        ? "it is full with " + spec.maxEntries() + " entries"
        : "";
  }

  /** For many elements. */
  public BatchWriter writer() {
    return new BatchWriter(this);
  }

  /** Stores a map in a map of maps, in one step for the programs that read it. */
  public void update(MemorySegment key, BpfMap value) {
    updateDescriptor(key, value.descriptor());
  }

  /** Stores a program in a PROG_ARRAY. */
  public void update(MemorySegment key, BpfProgram value) {
    updateDescriptor(key, value.descriptor());
  }

  private void updateDescriptor(MemorySegment key, int value) {
    try (var arena = Arena.ofConfined()) {
      update(key, arena.allocateFrom(ValueLayout.JAVA_INT, value));
    }
  }

  /** Removes an element; false when there was none. */
  public boolean delete(MemorySegment key) {
    return present(element(Bpf.MAP_DELETE, key, 0, NO_FLAGS), "deleting from");
  }

  private boolean present(int result, String verb) {
    if (result < 0 && Errno.of(-result) == Errno.ENOENT) {
      return false;
    }
    Bpf.check(result, verb + " map " + spec.name(), "");
    return true;
  }

  private int element(int command, MemorySegment key, long value, long flags) {
    try (var arena = Arena.ofConfined()) {
      var attributes = Bpf.attributes(arena);
      Bpf.putInt(attributes, 0, descriptor());
      Bpf.putLong(attributes, 8, key.address());
      Bpf.putLong(attributes, 16, value);
      Bpf.putLong(attributes, 24, flags);
      return SystemCalls.bpf(command, attributes);
    }
  }

  /** Wrong sizes would let the kernel write beyond the memory that was handed in. */
  void checkSizes(MemorySegment key, MemorySegment value) {
    if (key.byteSize() != spec.keySize() || value.byteSize() != valueBytes()) {
      throw new IllegalArgumentException(
          "map "
              + spec.name()
              + " has keys of "
              + spec.keySize()
              + " bytes and values of "
              + valueBytes()
              + ", found "
              + key.byteSize()
              + " and "
              + value.byteSize());
    }
    if (!key.isNative() || !value.isNative()) {
      throw new IllegalArgumentException("keys and values must be in native memory");
    }
  }

  /**
   * Visits every element of a hash while programs go on changing it: one that comes or goes
   * meanwhile may be seen or not. The memory handed to the visitor is valid during its call.
   *
   * @param visitor told key and value; answers whether the element is to be deleted
   * @return how many were visited
   */
  public long forEach(BiPredicate<MemorySegment, MemorySegment> visitor) {
    try (var arena = Arena.ofConfined()) {
      return new BatchReader(this, Math.min(BATCH, spec.maxEntries()), arena).forEach(visitor);
    }
  }

  /**
   * Visits every key, one system call each, of any kind of map that has keys; nothing else may
   * change the map meanwhile, or the visit begins anew. The memory is valid during the call.
   */
  public void forEachKey(Consumer<MemorySegment> visitor) {
    try (var arena = Arena.ofConfined()) {
      var before = arena.allocate(spec.keySize(), Long.BYTES);
      var key = arena.allocate(spec.keySize(), Long.BYTES);
      var attributes = Bpf.attributes(arena);
      Bpf.putInt(attributes, 0, descriptor());
      Bpf.putLong(attributes, 16, key.address());
      while (present(SystemCalls.bpf(Bpf.MAP_NEXT_KEY, attributes), "reading the keys of")) {
        visitor.accept(key);
        before.copyFrom(key);
        Bpf.putLong(attributes, 8, before.address());
      }
    }
  }

  /**
   * The memory of an array that was made with BPF_F_MMAPABLE, shared with the kernel, until the
   * arena closes. Element i starts at i × {@link #stride}.
   */
  public MemorySegment mapped(Arena arena) {
    if ((spec.flags() & FLAG_MAPPABLE) == 0) {
      throw new IllegalStateException("map " + spec.name() + " was not made to be mapped");
    }
    return SystemCalls.map(descriptor(), 0, (long) stride() * spec.maxEntries(), true, arena);
  }

  /** From here on the verifier may take the content for constants. */
  void freeze() {
    try (var arena = Arena.ofConfined()) {
      var attributes = Bpf.attributes(arena);
      Bpf.putInt(attributes, 0, descriptor());
      Bpf.check(
          SystemCalls.bpf(Bpf.MAP_FREEZE, attributes),
          "freezing map " + spec.name(),
          "BPF_MAP_FREEZE needs Linux 5.2, " + Hints.kernel());
    }
  }

  /** Gives it a name in a bpffs, which keeps it when this process ends. */
  void pin(Path path) {
    descriptor.pin(path);
  }

  /** Lets go of it; it lives on while a program or a pin holds it. */
  @Override
  public void close() {
    descriptor.close();
  }
}
