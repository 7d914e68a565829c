package io.steelyard.proxy.kit;

import io.steelyard.balance.balancer.BalancerFactory;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.ByteSize;
import io.steelyard.model.Cidr;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointHttp;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.EndpointTls;
import io.steelyard.model.Forwarding;
import io.steelyard.model.Hedging;
import io.steelyard.model.HttpLimits;
import io.steelyard.model.Limits;
import io.steelyard.model.Listener;
import io.steelyard.model.ListenerHttp2;
import io.steelyard.model.ListenerTimeouts;
import io.steelyard.model.ListenerTls;
import io.steelyard.model.Match;
import io.steelyard.model.Pool;
import io.steelyard.model.PoolConnections;
import io.steelyard.model.PoolTimeouts;
import io.steelyard.model.ProxyProtocolSpec;
import io.steelyard.model.ProxyProtocolVersion;
import io.steelyard.model.QueueSpec;
import io.steelyard.model.Redirect;
import io.steelyard.model.Retries;
import io.steelyard.model.Route;
import io.steelyard.model.TransportKind;
import io.steelyard.model.UdpSessions;
import io.steelyard.proxy.ProxyState;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A configuration of one listener and one pool in the making. Unless a test asks for it, nothing is
 * added to forwarded heads, so that bytes that went in can be compared with those that come out.
 */
public final class Setup {
  static final String LISTENER = "web";
  static final String POOL = "site";

  private final TransportKind transport;
  private Balancers balancers = Balancers.standard();
  private int loops = 1;
  private Listener listener =
      Listener.http(new Address("127.0.0.1", 0), POOL)
          .withForwarding(new Forwarding(Forwarding.Mode.OFF, false, false));
  private Pool pool = Pool.of(BalancerSpec.of("round-robin"), List.of());

  private Setup(TransportKind transport) {
    this.transport = transport;
  }

  public static Setup on(TransportKind transport) {
    return new Setup(transport);
  }

  /** A listener for connections of any protocol, in place of HTTP; before other settings of it. */
  public Setup tcp() {
    listener = Listener.tcp(listener.address(), POOL);
    return this;
  }

  /** A listener for datagrams; before other settings of it. */
  public Setup udp(int answers, int datagrams) {
    UdpSessions usual = UdpSessions.defaults();
    listener =
        Listener.udp(listener.address(), POOL)
            .withSessions(new UdpSessions(answers, datagrams, usual.datagramSize(), null));
    return this;
  }

  /** Takes PROXY protocol headers from there. */
  public Setup trust(Cidr network) {
    listener = listener.withProxyProtocol(new ProxyProtocolSpec(List.of(network)));
    return this;
  }

  /** Sends PROXY protocol headers to endpoints. */
  public Setup tell(ProxyProtocolVersion version) {
    pool = pool.withProxyProtocol(version);
    return this;
  }

  /** A balancer of the test's own, by its name. */
  public Setup balancer(BalancerFactory factory) {
    balancers = balancers.with(factory);
    return balancer(BalancerSpec.of(factory.name()));
  }

  public Setup balancer(BalancerSpec value) {
    pool = pool.withBalancer(value);
    return this;
  }

  public Setup loops(int count) {
    loops = count;
    return this;
  }

  public Setup forwarding(Forwarding value) {
    listener = listener.withForwarding(value);
    return this;
  }

  /** Instead of everything, only what matches that host and path prefix goes to the pool. */
  public Setup route(@Nullable String host, @Nullable String pathPrefix) {
    Listener routed =
        Listener.http(listener.address(), List.of(new Route(new Match(host, pathPrefix), POOL)));
    listener =
        routed
            .withForwarding(listener.forwarding())
            .withLimits(listener.limits())
            .withTimeouts(listener.timeouts());
    return this;
  }

  public Setup tls(ListenerTls value) {
    listener = listener.withTls(value);
    return this;
  }

  public Setup http2(ListenerHttp2 value) {
    listener = listener.withHttp2(value);
    return this;
  }

  public Setup endpointTls(EndpointTls value) {
    pool = pool.withTls(value);
    return this;
  }

  /** How endpoints are spoken to. */
  public Setup http(EndpointHttp value) {
    pool = pool.withHttp(value);
    return this;
  }

  /** Every client is sent elsewhere. */
  public Setup redirect(Redirect value) {
    listener =
        Listener.http(
                listener.address(),
                List.of(
                    new Route(new Match(null, "/there"), null, value, null), new Route(null, POOL)))
            .withTls(listener.tls());
    return this;
  }

  public Setup maxConnections(int value) {
    listener = listener.withMaxConnections(value);
    return this;
  }

  public Setup clientTimeouts(Duration head, Duration idle, Duration body) {
    listener = listener.withTimeouts(new ListenerTimeouts(head, idle, body));
    return this;
  }

  public Setup headLimits(int headSize, int fields, int requestLine) {
    HttpLimits now = listener.limits();
    return limits(
        new HttpLimits(
            new ByteSize(headSize),
            fields,
            new ByteSize(requestLine),
            now.bodySize(),
            now.requestsPerConnection()));
  }

  public Setup bodyLimit(long bytes) {
    HttpLimits now = listener.limits();
    return limits(
        new HttpLimits(
            now.headSize(),
            now.fields(),
            now.requestLine(),
            new ByteSize(bytes),
            now.requestsPerConnection()));
  }

  public Setup requestsPerConnection(int count) {
    HttpLimits now = listener.limits();
    return limits(
        new HttpLimits(now.headSize(), now.fields(), now.requestLine(), now.bodySize(), count));
  }

  private Setup limits(HttpLimits value) {
    listener = listener.withLimits(value);
    return this;
  }

  public Setup retries(int count) {
    return retries(Retries.of(count));
  }

  public Setup retries(Retries value) {
    pool = pool.withRetries(value);
    return this;
  }

  public Setup hedging(Hedging value) {
    pool = pool.withHedging(value);
    return this;
  }

  public Setup limits(Limits value) {
    pool = pool.withLimits(value);
    return this;
  }

  public Setup queue(QueueSpec value) {
    pool = pool.withQueue(value);
    return this;
  }

  public Setup poolTimeouts(Duration connect, Duration response, Duration idle) {
    pool = pool.withTimeouts(new PoolTimeouts(connect, response, idle, pool.timeouts().tunnel()));
    return this;
  }

  public Setup tunnelTimeout(Duration tunnel) {
    PoolTimeouts now = pool.timeouts();
    pool = pool.withTimeouts(new PoolTimeouts(now.connect(), now.response(), now.idle(), tunnel));
    return this;
  }

  public Setup connections(int idle, Duration idleTime, Duration maxAge) {
    pool = pool.withConnections(new PoolConnections(idle, idleTime, maxAge));
    return this;
  }

  /** Starts a whole configuration, on one event loop unless it says otherwise. */
  public static TestProxy start(Configuration configuration) throws Exception {
    return new TestProxy(
        configuration.eventLoops() == 0 ? configuration.withEventLoops(1) : configuration,
        Balancers.standard());
  }

  /** The same, with something known of endpoints before anything starts. */
  public static TestProxy start(Configuration configuration, Consumer<ProxyState> before)
      throws Exception {
    return new TestProxy(configuration.withEventLoops(1), Balancers.standard(), before);
  }

  /** Starts with these endpoints, in this order. */
  public TestProxy start(RawEndpoint... endpoints) throws Exception {
    return start(Stream.of(endpoints).map(RawEndpoint::address).toArray(Address[]::new));
  }

  /** Starts with endpoints at these addresses, in this order. */
  public TestProxy start(Address... endpoints) throws Exception {
    return start(Stream.of(endpoints).map(EndpointSpec::of).toArray(EndpointSpec[]::new));
  }

  /** Starts with these endpoints, in this order. */
  public TestProxy start(EndpointSpec... endpoints) throws Exception {
    Pool complete = pool.withEndpoints(List.of(endpoints));
    return new TestProxy(
        TestProxy.configuration(listener, complete).withTransport(transport).withEventLoops(loops),
        balancers);
  }
}
