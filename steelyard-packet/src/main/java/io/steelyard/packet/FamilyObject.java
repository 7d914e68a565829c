package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfMap;
import io.steelyard.packet.bpf.BpfProgram;
import io.steelyard.packet.bpf.Btf;
import io.steelyard.packet.bpf.LoadedObject;
import io.steelyard.packet.bpf.ObjectFile;
import io.steelyard.packet.bpf.ObjectLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** The program of a family with its maps, sized and set as the options say. */
final class FamilyObject implements AutoCloseable {
  /** Their places in the map of programs. */
  private static final int SPECIAL_PROGRAM = 1;

  private static final int INTRODUCING_PROGRAM = 2;

  /** As in the programs' enum syn_proxy. */
  private static final int SYN_PROXY_UNDER_FLOOD = 1;

  private static final int SYN_PROXY_ALWAYS = 2;

  /** IPv6's header is larger by so much. */
  private static final int IPV6_MORE = 20;

  private final Family family;
  private final LoadedObject object;

  private FamilyObject(Family family, LoadedObject object) {
    this.family = family;
    this.object = object;
  }

  /** Loads it; maps that are pinned in the directory are taken over with what they hold. */
  static FamilyObject load(Family family, PlaneOptions options, @Nullable Path pins) {
    var loader = new ObjectLoader(read(family.program()));
    int services = options.sizes().services() + 1;
    int endpoints = options.sizes().endpoints() + 1;
    int reasons = DropReason.values().length;
    loader
        .map("vips", map -> map.withMaxEntries(services))
        .map("services", map -> map.withMaxEntries(services))
        .map("tables", map -> map.withMaxEntries(services))
        .map("turns", map -> map.withMaxEntries(services))
        .map("drops", map -> map.withMaxEntries(services * reasons))
        .map("locals", map -> map.withMaxEntries(services * Forwarding.FullNat.MAX_LOCAL_ADDRESSES))
        .map("handshakes", map -> map.withMaxEntries(services))
        .map("handshake_stats", map -> map.withMaxEntries(services))
        .map("endpoints", map -> map.withMaxEntries(endpoints))
        .map("endpoint_stats", map -> map.withMaxEntries(endpoints))
        .map("loads", map -> map.withMaxEntries(endpoints))
        .map("port_cursors", map -> map.withMaxEntries(endpoints))
        .map("flows", map -> map.withMaxEntries(options.sizes().connections()));
    setConstants(loader, options);
    setSynProxy(loader, options.protection().synProxy(), family);
    var rules = RuleTable.of(family, options.protection().rules());
    if (rules.size() > PacketRule.MOST) {
      throw new IllegalArgumentException(
          rules.size() + " rules for " + family + ", expected " + PacketRule.MOST + " at most");
    }
    loader.constant("rule_count", rules.size());
    if (pins != null) {
      loader.pinnedIn(pins);
    }
    if (!options.introduces()) {
      loader.without(family.introducingProgram());
    }
    var object = new FamilyObject(family, loader.load());
    object.prepare(options.introduces());
    new RuleTable(family, object.btf()).write(rules, object.map("rules"));
    return object;
  }

  /**
   * The other programs are called by the first; cookies stay good when there was a process before.
   */
  private void prepare(boolean introduces) {
    try (var arena = Arena.ofConfined()) {
      putProgram(SPECIAL_PROGRAM, family.specialProgram(), arena);
      if (introduces) {
        putProgram(INTRODUCING_PROGRAM, family.introducingProgram(), arena);
      } else {
        map("programs").delete(arena.allocateFrom(ValueLayout.JAVA_INT, INTRODUCING_PROGRAM));
      }
      var secrets = map("secrets");
      var zero = arena.allocate(ValueLayout.JAVA_INT);
      var secret = arena.allocate(secrets.valueBytes(), Long.BYTES);
      secrets.lookup(zero, secret);
      if (secret.get(ValueLayout.JAVA_LONG, 0) == 0) {
        byte[] drawn = new byte[(int) secret.byteSize()];
        new SecureRandom().nextBytes(drawn);
        secret.copyFrom(MemorySegment.ofArray(drawn));
        secrets.update(zero, secret);
      }
    }
  }

  private void putProgram(int place, String name, Arena arena) {
    map("programs").update(arena.allocateFrom(ValueLayout.JAVA_INT, place), object.program(name));
  }

  private static void setConstants(ObjectLoader loader, PlaneOptions options) {
    loader
        .constant("hash_seed", options.hashSeed())
        .constant("transmit_by_redirect", options.place().byRedirect() ? 1 : 0)
        .constant("check_access", options.protection().accessList() ? 1 : 0)
        .constant("port_rest", options.portRest().toNanos())
        .constant("port_idle", options.timeouts().established().toNanos());
    var packets = options.protection().packets();
    if (packets != null) {
      loader.constant("packet_cost", packets.cost()).constant("packet_burst", packets.debt());
    }
    var connections = options.protection().connections();
    if (connections != null) {
      loader
          .constant("connection_cost", connections.cost())
          .constant("connection_burst", connections.debt());
    }
  }

  private static void setSynProxy(ObjectLoader loader, @Nullable SynProxy proxy, Family family) {
    if (proxy == null) {
      return;
    }
    var unfinished = proxy.unfinished();
    loader
        .constant("syn_proxy", unfinished == null ? SYN_PROXY_ALWAYS : SYN_PROXY_UNDER_FLOOD)
        .constant("proxy_mss", proxy.mss() - (family == Family.IPV6 ? IPV6_MORE : 0));
    if (unfinished != null) {
      loader
          .constant("unfinished_cost", unfinished.cost())
          .constant("unfinished_burst", unfinished.debt());
    }
  }

  private static ObjectFile read(String name) {
    try (var in = FamilyObject.class.getResourceAsStream(name + ".bpf.o")) {
      if (in == null) {
        throw new IllegalStateException("the jar has no object " + name + ".bpf.o");
      }
      return ObjectFile.read(in.readAllBytes());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  Family family() {
    return family;
  }

  BpfMap map(String name) {
    return object.map(name);
  }

  BpfProgram program() {
    return object.program(family.program());
  }

  Btf btf() {
    return object.btf();
  }

  /**
   * A number that a program knows by a name.
   *
   * @throws IllegalArgumentException when it does not
   */
  int number(String enumeration, String name) {
    var number = object.btf().enumeration(enumeration).get(name);
    if (number == null) {
      throw new IllegalArgumentException("enum " + enumeration + " has no " + name);
    }
    return number;
  }

  @Override
  public void close() {
    object.close();
  }
}
