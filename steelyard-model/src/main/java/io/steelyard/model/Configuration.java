package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a user asks of one process. Immutable, as everything in it; listeners and pools keep the
 * order of the file.
 */
@Doc("All that is asked of one Steelyard process.")
public record Configuration(
    @Doc("The admin port.") @Default("{}") Admin admin,
    @Doc("How the process talks to sockets. Without it: `epoll` on Linux, `nio` elsewhere.")
        @Nullable TransportKind transport,
    @Doc("How many event loops carry the traffic. 0: one per processor.")
        @Default("0")
        @Range(min = "0", max = "1024")
        int eventLoops,
    @Doc("How long requests in flight may take to finish once the process was told to stop.")
        @Default("30s")
        @Range(min = "0s", max = "24h")
        Duration shutdownTimeout,
    @Doc("The access log. Without it no request is logged; `{}` logs JSON to the standard output.")
        @Nullable AccessLog accessLog,
    @Doc("What is listened on, by name.") @NotEmpty Map<String, Listener> listeners,
    @Doc("What serves, by name.") Map<String, Pool> pools,
    @Doc(
            "Where this process stands: a data centre, a rack. Pools prefer endpoints of the same zone while these can take their part.")
        @Default("")
        String zone,
    @Doc("What the listeners of protocol `packet` share. Needed when there is one.")
        @Nullable PacketPlaneSpec packet,
    @Doc("What `steelyard simulate` wants to know beyond this.") @Nullable Simulation simulation) {
  public Configuration {
    requireNonNull(admin, "admin");
    requireNonNull(zone, "zone");
    requireNonNull(shutdownTimeout, "shutdownTimeout");
    listeners = Collections.unmodifiableMap(new LinkedHashMap<>(listeners));
    pools = Collections.unmodifiableMap(new LinkedHashMap<>(pools));
  }

  /** A configuration with all else at its default. */
  public static Configuration of(Map<String, Listener> listeners, Map<String, Pool> pools) {
    return new Configuration(
        Admin.defaults(),
        null,
        Shape.of(Configuration.class).<Integer>defaultOf("eventLoops"),
        Shape.of(Configuration.class).<Duration>defaultOf("shutdownTimeout"),
        null,
        listeners,
        pools,
        Shape.of(Configuration.class).<String>defaultOf("zone"),
        null,
        null);
  }

  /** This with other {@link #pools}. */
  public Configuration withPools(Map<String, Pool> value) {
    return with("pools", value);
  }

  /** This with another {@link #admin}. */
  public Configuration withAdmin(Admin value) {
    return with("admin", value);
  }

  /** This with another {@link #transport}; null for the best of this machine. */
  public Configuration withTransport(@Nullable TransportKind value) {
    return with("transport", value);
  }

  /** This with another number of {@link #eventLoops}. */
  public Configuration withEventLoops(int value) {
    return with("eventLoops", value);
  }

  /** This with another {@link #shutdownTimeout}. */
  public Configuration withShutdownTimeout(Duration value) {
    return with("shutdownTimeout", value);
  }

  /** This with another {@link #accessLog}; null for none. */
  public Configuration withAccessLog(@Nullable AccessLog value) {
    return with("accessLog", value);
  }

  /** This with another {@link #simulation}; null for none. */
  public Configuration withSimulation(@Nullable Simulation value) {
    return with("simulation", value);
  }

  /** This with another {@link #zone}. */
  public Configuration withZone(String value) {
    return with("zone", value);
  }

  /** This with another {@link #packet}; null for none. */
  public Configuration withPacket(@Nullable PacketPlaneSpec value) {
    return with("packet", value);
  }

  /** This with other {@link #listeners}. */
  public Configuration withListeners(Map<String, Listener> value) {
    return with("listeners", value);
  }

  private Configuration with(String component, @Nullable Object value) {
    return Shape.of(Configuration.class).with(this, component, value);
  }
}
