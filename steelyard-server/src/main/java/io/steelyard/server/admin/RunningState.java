package io.steelyard.server.admin;

import io.steelyard.health.LoggedEvent;
import io.steelyard.health.PoolReport;
import io.steelyard.model.Wish;
import io.steelyard.net.tls.CertificateReport;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What runs now, apart from the counters. The names are those under which {@link
 * io.steelyard.proxy.stats.Stats} counts.
 *
 * @param version of Steelyard
 * @param started when the process started
 * @param transport {@code epoll}, {@code io-uring} or {@code nio}
 * @param loops how many event loops there are
 * @param listeners in the order of the configuration
 * @param pools in the order of the configuration
 * @param accessLog null when there is none
 * @param events the last changes, the oldest first
 */
public record RunningState(
    String version,
    Instant started,
    String transport,
    int loops,
    List<Listener> listeners,
    List<Pool> pools,
    @Nullable AccessLog accessLog,
    List<LoggedEvent> events) {
  public RunningState {
    listeners = List.copyOf(listeners);
    pools = List.copyOf(pools);
    events = List.copyOf(events);
  }

  /**
   * A listener.
   *
   * @param address that it is bound to, with the port that the system chose where the configuration
   *     says 0
   * @param protocol as the configuration writes it
   * @param encryption null when it does not encrypt
   */
  public record Listener(
      String name, String address, String protocol, @Nullable Encryption encryption) {
    /** One that does not encrypt. */
    public Listener(String name, String address, String protocol) {
      this(name, address, protocol, null);
    }
  }

  /**
   * The TLS of a listener.
   *
   * @param resumed handshakes that went on from a ticket
   * @param failedReloads changed files that could not be used
   * @param stapled certificates that go out with a current response of their issuer (OCSP)
   * @param failedStaples responses that could not be had or used
   * @param certificates in the order of the configuration
   */
  public record Encryption(
      long resumed,
      long failedReloads,
      long stapled,
      long failedStaples,
      List<CertificateReport> certificates) {
    public Encryption {
      certificates = List.copyOf(certificates);
    }
  }

  /**
   * A pool.
   *
   * @param balancer as the configuration writes it
   * @param endpoints in the order of the configuration
   * @param health null when it is not kept
   */
  public record Pool(
      String name, String balancer, List<Endpoint> endpoints, @Nullable PoolReport health) {
    public Pool {
      endpoints = List.copyOf(endpoints);
    }
  }

  /**
   * An endpoint.
   *
   * @param name its address, as the stats name it
   * @param weight 0 takes it out
   * @param wish what the administrator wants of it
   * @param inFlight requests that it works on
   * @param limit the most of these that its times allow; 0 when they are not looked at
   */
  public record Endpoint(String name, int weight, Wish wish, int inFlight, int limit) {}

  /**
   * The access log.
   *
   * @param dropped records that found no room in a ring
   * @param lost lines that could not be written
   */
  public record AccessLog(long dropped, long lost) {}
}
