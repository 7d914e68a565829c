package io.steelyard.server.packet;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Endpoint;
import io.steelyard.model.Configuration;
import io.steelyard.model.PacketPlaneSpec;
import io.steelyard.model.PacketServiceSpec;
import io.steelyard.model.Protocol;
import io.steelyard.packet.KernelForwardingPlane;
import io.steelyard.packet.PacketEndpoint;
import io.steelyard.packet.bpf.BpfException;
import io.steelyard.packet.linux.Settings;
import io.steelyard.proxy.PoolCare;
import io.steelyard.server.admin.PacketSource;
import io.steelyard.server.admin.PacketState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listeners of protocol {@code packet} of one configuration: opens the plane, keeps its tables
 * as health wants them, and has the virtual addresses while it serves. What it does takes place on
 * a thread of its own; {@link #refresh} and the reports are thread-safe.
 */
public final class Carrier implements PacketSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);
  private static final String NO_INTERFACE = "-";

  /** Neighbours get other MACs rarely, and a look costs each an answer. */
  private static final Duration NEIGHBOURS = Duration.ofSeconds(30);

  private static final Duration TRACE_LOOK = Duration.ofSeconds(5);

  /** A switch may be busy, and a frame be lost. */
  private static final int[] ANNOUNCEMENTS_AT_MILLIS = {0, 1000, 3000};

  private final PacketPlaneSpec spec;
  private final KernelForwardingPlane plane;
  private final Guard guard;
  private final Tracer tracer;
  private final PoolCare care;
  private final List<CarriedService> services;
  private final VirtualAddresses addresses = new VirtualAddresses();
  private final Set<String> stale = ConcurrentHashMap.newKeySet();
  private final Map<String, Map<PacketEndpoint, Integer>> weights = new ConcurrentHashMap<>();
  private final Map<String, List<String>> problems = new ConcurrentHashMap<>();
  private final List<String> advice = new ArrayList<>();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("steelyard-packet").factory());

  private Carrier(
      PacketPlaneSpec spec,
      KernelForwardingPlane plane,
      Guard guard,
      PoolCare care,
      List<CarriedService> services) {
    this.spec = spec;
    this.plane = plane;
    this.guard = guard;
    this.care = care;
    this.services = List.copyOf(services);
    this.tracer =
        new Tracer(
            plane,
            services.stream()
                .map(service -> service.service().address())
                .collect(Collectors.toSet()));
  }

  /**
   * Loads the programs. What a process before this one left goes on as it was until {@link #serve}.
   *
   * @param configuration validated
   * @param endpoints of each pool, in its order
   * @param care knows which of them may be used
   * @return null when no listener wants it
   * @throws CarrierException when it cannot be; the message says what is missing
   */
  public static @Nullable Carrier open(
      Configuration configuration, Function<String, List<Endpoint>> endpoints, PoolCare care)
      throws CarrierException {
    var spec = configuration.packet();
    if (spec == null || wanted(configuration).isEmpty()) {
      return null;
    }
    if (!System.getProperty("os.name", "").equals("Linux")) {
      throw new CarrierException("the packet plane is Linux's, this is another system", null);
    }
    try {
      var guard = new Guard(spec.protection());
      var services = compiled(configuration, endpoints);
      var wanted = services.stream().map(CarriedService::spec).toList();
      var plane = KernelForwardingPlane.open(VirtualServices.options(spec, wanted), guard.rules());
      return new Carrier(spec, plane, guard, care, services);
    } catch (BpfException
        | IOException
        | IllegalArgumentException
        | IllegalStateException
        | UncheckedIOException
        | UnsupportedOperationException refused) {
      throw new CarrierException(String.valueOf(refused.getMessage()), refused);
    }
  }

  private static Set<String> wanted(Configuration configuration) {
    var names = new LinkedHashSet<String>();
    configuration
        .listeners()
        .forEach((name, listener) -> {
          if (listener.protocol() == Protocol.PACKET) {
            names.add(name);
          }
        });
    return names;
  }

  private static List<CarriedService> compiled(
      Configuration configuration, Function<String, List<Endpoint>> endpoints) {
    var services = new ArrayList<CarriedService>();
    for (var name : wanted(configuration)) {
      var listener = requireNonNull(configuration.listeners().get(name));
      var pool = requireNonNull(listener.pool());
      services.add(
          new CarriedService(
              name,
              listener,
              requireNonNull(configuration.pools().get(pool)),
              endpoints.apply(pool)));
    }
    return services;
  }

  /**
   * Serves from now on: tables, then addresses, then the network is told.
   *
   * @throws CarrierException when an address cannot be had
   */
  public void serve() throws CarrierException {
    advise();
    try {
      executor.submit(this::begin).get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CarrierException("interrupted", interrupted);
    } catch (ExecutionException failed) {
      var cause = requireNonNull(failed.getCause());
      throw new CarrierException(String.valueOf(cause.getMessage()), cause);
    }
    every(spec.sweepInterval(), "counting connections", plane::sweep);
    every(spec.sweepInterval(), "reading the access list", () -> guard.refresh(plane.accessList()));
    every(TRACE_LOOK, "ending a trace", tracer::rest);
    every(NEIGHBOURS, "looking for neighbours", this::lookForNeighbours);
    for (int millis : ANNOUNCEMENTS_AT_MILLIS) {
      var _ = executor.schedule(addresses::announce, millis, TimeUnit.MILLISECONDS);
    }
  }

  private void begin() {
    services.forEach(this::apply);
    var left = new HashSet<>(plane.virtualAddresses());
    plane.retain(services.stream().map(CarriedService::service).toList());
    left.removeAll(plane.virtualAddresses());
    addresses.removeLeft(spec.interfaces(), left);
    for (var service : services) {
      var device = device(service.spec());
      if (!device.equals(NO_INTERFACE)) {
        addresses.add(device, service.service().address());
      }
      LOG.info(
          "Listener {} carries {} to pool {}", service.name(), service.service(), service.pool());
    }
  }

  private String device(PacketServiceSpec service) {
    var device = service.addressInterface();
    return device == null ? spec.interfaces().getFirst() : device;
  }

  private void advise() {
    var settings = new Settings();
    var commands = new LinkedHashSet<String>();
    spec.interfaces().forEach(device -> commands.addAll(settings.missingAtBalancer(device)));
    for (var service : services) {
      if (service.spec().mode() == PacketServiceSpec.Mode.NAT) {
        boolean ipv6 = service.service().address().getAddress().length > 4;
        commands.addAll(settings.missingAtGateway(ipv6));
      }
    }
    advice.addAll(commands);
    commands.forEach(
        command -> LOG.warn("The kernel's settings are not as they should be: {}", command));
    if (spec.xdp() == PacketPlaneSpec.Xdp.GENERIC) {
      LOG.warn("XDP is generic: packets cost several times what they do in a driver (xdp: native)");
    }
  }

  private void every(Duration interval, String what, Runnable action) {
    Runnable safe =
        () -> {
          try {
            action.run();
          } catch (RuntimeException problem) {
            LOG.error("Packet plane: {} failed", what, problem);
          }
        };
    var _ =
        executor.scheduleWithFixedDelay(
            safe, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Other endpoints of a pool may be used than before. Does not wait. */
  public void refresh(String pool) {
    if (stale.add(pool)) {
      try {
        executor.execute(() -> reapply(pool));
      } catch (RejectedExecutionException closed) {
        stale.remove(pool); // nobody wants to know any more
      }
    }
  }

  private void reapply(String pool) {
    stale.remove(pool);
    for (var service : services) {
      if (service.pool().equals(pool)) {
        try {
          apply(service);
        } catch (RuntimeException problem) {
          LOG.error("Listener {}: its endpoints stay as they were", service.name(), problem);
        }
      }
    }
  }

  private void apply(CarriedService service) {
    var now = service.weights(care.ready(service.pool(), service.endpoints()));
    if (!now.equals(weights.get(service.name()))) {
      found(service, plane.apply(service.service(), service.table(now)));
      weights.put(service.name(), now);
    }
  }

  private void lookForNeighbours() {
    var found = plane.refresh();
    for (var service : services) {
      var own = weights.getOrDefault(service.name(), Map.of()).keySet();
      found(
          service,
          found.stream()
              .filter(
                  text -> own.stream().anyMatch(each -> text.startsWith("endpoint " + each + " ")))
              .toList());
    }
  }

  private void found(CarriedService service, List<String> now) {
    var before = problems.put(service.name(), now);
    if (!now.equals(before == null ? List.of() : before)) {
      now.forEach(problem -> LOG.warn("Listener {}: {}", service.name(), problem));
    }
  }

  @Override
  public PacketState state() {
    return report().state();
  }

  @Override
  public String ipvs() {
    return report().ipvs();
  }

  private PacketReport report() {
    return new PacketReport(
        spec, plane, guard.state(), services, weights, problems, List.copyOf(advice));
  }

  @Override
  public List<String> trace(InetAddress vip, int every) {
    return tracer.take(vip, every);
  }

  /** Stops as the configuration says: takes everything away, or lets the kernel go on. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("Packet plane: still at work after 10 s");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    boolean remove = spec.onStop() == PacketPlaneSpec.OnStop.REMOVE;
    if (remove) {
      addresses.removeAll(); // first: the kernel would answer for them with resets
    }
    plane.close();
    if (remove && !spec.pins().isEmpty()) {
      try {
        KernelForwardingPlane.remove(Path.of(spec.pins()));
      } catch (IOException | UncheckedIOException | BpfException problem) {
        LOG.warn("Packet plane: {} is not empty: {}", spec.pins(), problem.getMessage());
      }
    }
  }
}
