package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfMap;
import io.steelyard.packet.linux.KernelNextHops;
import io.steelyard.packet.linux.KernelVersion;
import io.steelyard.packet.linux.Link;
import io.steelyard.packet.linux.NextHops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * XDP programs in this thread's network namespace. With a directory of pins they and their tables
 * go on when the process ends, and the next one takes them over with all connections. Thread-safe;
 * one process at a time may have a directory.
 *
 * <p>Needs CAP_BPF and CAP_NET_ADMIN, and Linux 5.11 or newer.
 */
public final class KernelForwardingPlane implements ForwardingPlane {
  /** BPF_F_BROADCAST: one frame to several interfaces. */
  private static final KernelVersion BROADCAST_SINCE = new KernelVersion(5, 14);

  private final Map<Family, FamilyPlane> planes = new EnumMap<>(Family.class);
  private final Map<VirtualService.Key, VirtualService> services = new HashMap<>();
  private final Map<Family, TraceReader> traces = new EnumMap<>(Family.class);
  private final Attachments attachments = new Attachments();
  private AccessList accessList = new AccessList(Map.of(), Map.of());
  private final PlaneOptions options;
  private final NextHops nextHops;
  private final LongSupplier monotonicNanos;

  private KernelForwardingPlane(
      PlaneOptions options, NextHops nextHops, LongSupplier monotonicNanos) {
    this.options = options;
    this.nextHops = nextHops;
    this.monotonicNanos = monotonicNanos;
  }

  /**
   * Loads the programs and puts them to work.
   *
   * @throws io.steelyard.packet.bpf.BpfException when the kernel refuses; the message says what it
   *     lacks
   * @throws IllegalArgumentException when an interface is missing
   * @throws IllegalStateException when what is pinned is of another form
   */
  public static KernelForwardingPlane open(PlaneOptions options) {
    return open(options, List.of());
  }

  /**
   * The same with a list of who may not come in from the first packet on, in the place of what is
   * pinned; for {@link PlaneOptions.Protection}.
   */
  public static KernelForwardingPlane open(PlaneOptions options, Collection<AccessRule> rules) {
    return open(options, rules, new KernelNextHops(), System::nanoTime);
  }

  /** With another way to find neighbours and another clock (of CLOCK_MONOTONIC's time). */
  static KernelForwardingPlane open(
      PlaneOptions options,
      Collection<AccessRule> rules,
      NextHops nextHops,
      LongSupplier monotonicNanos) {
    var plane = new KernelForwardingPlane(options, nextHops, monotonicNanos);
    try {
      plane.load();
      plane.checkMirroring();
      if (options.mirroring() != null) {
        plane.mirror();
      }
      plane.accessList().replace(rules);
      plane.attachments.attach(plane.plane(Family.IPV4).program(), options);
      return plane;
    } catch (RuntimeException refused) {
      plane.close();
      throw refused;
    }
  }

  /**
   * Takes away what processes before this one left in a directory of pins: programs go off their
   * interfaces, tables and connections are forgotten.
   */
  public static void remove(Path pins) throws IOException {
    Attachments.detachAll(pins);
    for (var family : Family.values()) {
      var directory = pins.resolve(family.program());
      if (Files.isDirectory(directory)) {
        try (var maps = Files.list(directory)) {
          for (var map : maps.toList()) {
            Files.delete(map);
          }
        }
        Files.delete(directory);
      }
    }
  }

  private void load() {
    for (var family : Family.values()) {
      var object = FamilyObject.load(family, options, directory(options.place().pins(), family));
      planes.put(family, new FamilyPlane(object, options, nextHops));
    }
    accessList = new AccessList(maps("access"), maps("access_state"));
    try (var arena = Arena.ofConfined()) {
      plane(Family.IPV4)
          .map("programs")
          .update(arena.allocate(ValueLayout.JAVA_INT), plane(Family.IPV6).program());
    }
  }

  private void checkMirroring() {
    var mirroring = options.mirroring();
    if (mirroring != null) {
      KernelVersion.running().require(BROADCAST_SINCE, "a copy for a tap");
      Attachments.index(mirroring.tap());
    }
  }

  /** Answers leave by the plane's interfaces, endpoints' frames by those that lead there. */
  private void mirror() {
    var links = options.place().interfaces().stream().map(Link::find).filter(Objects::nonNull);
    var indexes = links.map(Link::index).toList();
    planes.values().forEach(plane -> plane.mirror(indexes));
  }

  private static @Nullable Path directory(@Nullable Path pins, Family family) {
    if (pins == null) {
      return null;
    }
    var directory = pins.resolve(family.program());
    try {
      return Files.createDirectories(directory);
    } catch (IOException problem) {
      throw new UncheckedIOException(
          "cannot make " + directory + "; it must be in a bpffs: mount -t bpf bpf DIRECTORY",
          problem);
    }
  }

  private FamilyPlane plane(Family family) {
    return Objects.requireNonNull(planes.get(family));
  }

  private FamilyPlane plane(InetAddress address) {
    return plane(Family.of(address));
  }

  @Override
  public synchronized List<String> apply(VirtualService service, ForwardingTable table) {
    check(service);
    var problems = plane(service.address()).apply(service, table);
    services.put(service.key(), service);
    return problems;
  }

  private void check(VirtualService service) {
    if (service.forwarding() instanceof Forwarding.FullNat fullNat
        && fullNat.introduction() == Forwarding.Introduction.PROXY_V2
        && !options.introduces()) {
      throw new IllegalArgumentException(
          service + " tells endpoints by PROXY headers, expected a plane that was opened for it");
    }
  }

  @Override
  public synchronized void retain(Collection<VirtualService> kept) {
    var keys = kept.stream().map(VirtualService::key).collect(Collectors.toSet());
    for (var plane : planes.values()) {
      for (var key : plane.services()) {
        if (!keys.contains(key)) {
          plane.remove(key);
        }
      }
    }
    services.keySet().retainAll(keys);
  }

  /** The virtual addresses of all services, those of a process before this one among them. */
  public synchronized Set<InetAddress> virtualAddresses() {
    return planes.values().stream()
        .flatMap(plane -> plane.services().stream())
        .map(VirtualService.Key::address)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public synchronized Counters counters(VirtualService service) {
    return plane(service.address()).counters(service.key());
  }

  /** What was dropped at virtual addresses before a service was found, both families together. */
  public synchronized Map<DropReason, Long> dropsOfNoService() {
    var sum = new EnumMap<DropReason, Long>(DropReason.class);
    for (var plane : planes.values()) {
      plane.drops(0).forEach((reason, count) -> sum.merge(reason, count, Long::sum));
    }
    return sum;
  }

  /** Who may not come in; asked when {@link PlaneOptions.Protection} says so. */
  public AccessList accessList() {
    return accessList;
  }

  private Map<Family, BpfMap> maps(String name) {
    var maps = new EnumMap<Family, BpfMap>(Family.class);
    planes.forEach((family, plane) -> maps.put(family, plane.map(name)));
    return maps;
  }

  /**
   * Tells of one in so many packets of a virtual address from here on: {@link #traced} has them.
   * One address at a time.
   */
  public synchronized void trace(InetAddress vip, int every) {
    endTrace();
    traces.computeIfAbsent(Family.of(vip), family -> plane(family).traces()).start(vip, every);
  }

  /** Packets since the last call, at most some 1,000; more than that are lost. */
  public synchronized List<PacketTrace> traced() {
    var found = new ArrayList<PacketTrace>();
    traces.values().forEach(reader -> reader.read(found));
    return found;
  }

  /** No packet is traced any more. */
  public synchronized void endTrace() {
    traces.values().forEach(TraceReader::stop);
  }

  @Override
  public synchronized void sweep() {
    long now = monotonicNanos.getAsLong();
    planes.values().forEach(plane -> plane.sweep(now));
  }

  @Override
  public List<String> refresh() {
    lookUp();
    return write();
  }

  /** Not under the lock: a neighbour that is gone keeps who asks waiting. */
  private void lookUp() {
    for (var family : Family.values()) {
      for (var address : addresses(family)) {
        var hop = nextHops.find(address);
        synchronized (this) {
          if (planes.containsKey(family)) {
            plane(family).found(address, hop);
          }
        }
      }
    }
  }

  private synchronized Set<InetAddress> addresses(Family family) {
    return planes.containsKey(family) ? plane(family).addresses() : Set.of();
  }

  private synchronized List<String> write() {
    if (planes.isEmpty()) {
      return List.of();
    }
    if (options.mirroring() != null) {
      mirror();
    }
    var problems = new ArrayList<String>();
    for (var service : services.values()) {
      problems.addAll(plane(service.address()).refresh(service));
    }
    return problems;
  }

  /** One family's tables, for tests and measurements. */
  FamilyPlane family(Family family) {
    return plane(family);
  }

  @Override
  public synchronized void close() {
    attachments.close();
    accessList.close();
    traces.values().forEach(TraceReader::close);
    traces.clear();
    planes.values().forEach(FamilyPlane::close);
    planes.clear();
  }
}
