package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfException;
import io.steelyard.packet.bpf.BpfMap;
import io.steelyard.packet.linux.Link;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * By which interfaces frames leave twice: there, and to a tap. The kernel forgets an interface that
 * goes, and one that comes again has another number. For one thread.
 */
final class MirrorTable {
  private final Family family;
  private final BpfMap mirrors;
  private final BpfMap sources;
  private final @Nullable Mirroring mirroring;

  /** The tap's number at the time when an interface's entry was written. */
  private final Map<Integer, Integer> written = new HashMap<>();

  /** In the place of what a process before this one left. */
  MirrorTable(FamilyObject object, @Nullable Mirroring mirroring) {
    family = object.family();
    mirrors = object.map("mirrors");
    sources = object.map("mirrored_sources");
    this.mirroring = mirroring;
    clear(mirrors);
    clear(sources);
    if (mirroring != null) {
      putSources(mirroring);
    }
  }

  private static void clear(BpfMap map) {
    try (var arena = Arena.ofConfined()) {
      var keys = new ArrayList<MemorySegment>();
      map.forEachKey(key -> keys.add(arena.allocate(key.byteSize(), Integer.BYTES).copyFrom(key)));
      keys.forEach(map::delete);
    }
  }

  private void putSources(Mirroring wanted) {
    if (wanted.sources().isEmpty()) {
      putSource(new byte[family.addressBytes()], 0);
    }
    for (var network : wanted.sources()) {
      if (network.first().length == family.addressBytes()) {
        putSource(network.first(), network.bits());
      }
    }
  }

  private void putSource(byte[] address, int bits) {
    try (var arena = Arena.ofConfined()) {
      sources.update(
          Wire.prefix(address, bits, arena), arena.allocateFrom(ValueLayout.JAVA_INT, 1));
    }
  }

  /** What leaves by this interface may be mirrored from here on. */
  void put(int interfaceIndex) {
    if (mirroring == null) {
      return;
    }
    var tap = Link.find(mirroring.tap());
    if (tap != null && !Integer.valueOf(tap.index()).equals(written.get(interfaceIndex))) {
      write(interfaceIndex, tap.index());
    }
  }

  private void write(int interfaceIndex, int tap) {
    try (var arena = Arena.ofConfined();
        var both = mirrors.createInner()) {
      both.update(number(arena, 0), number(arena, interfaceIndex));
      both.update(number(arena, 1), number(arena, tap));
      mirrors.update(number(arena, interfaceIndex), both);
      written.put(interfaceIndex, tap);
    } catch (BpfException gone) {
      // One of the two has just left: frames go without a copy, and the next look finds it again.
      written.remove(interfaceIndex);
    }
  }

  private static MemorySegment number(Arena arena, int value) {
    return arena.allocateFrom(ValueLayout.JAVA_INT, value);
  }
}
