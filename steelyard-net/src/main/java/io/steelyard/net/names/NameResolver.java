package io.steelyard.net.names;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.steelyard.model.Resolution;
import io.steelyard.model.Resolution.Family;
import io.steelyard.net.names.Found.Place;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * Asks name servers, on an event loop of its own; nothing is remembered from one question to the
 * next. A name of {@code /etc/hosts} is answered from there. Thread-safe.
 *
 * <p>Source: RFC 1035, RFC 3596 (AAAA), RFC 2782 (SRV).
 */
public final class NameResolver implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("steelyard-names", true), NioIoHandler.newFactory());

  private final EventLoop loop = group.next();

  /** Runs what is to follow an answer; on the thread of the resolver. */
  public ScheduledExecutorService executor() {
    return loop;
  }

  /** A way to ask, with its own settings. */
  public final class Way implements AutoCloseable {
    private final Family family;
    private final DnsNameResolver dns;

    private Way(Resolution settings) {
      this.family = settings.family();
      DnsNameResolverBuilder builder =
          new DnsNameResolverBuilder(loop)
              .datagramChannelType(NioDatagramChannel.class)
              .socketChannelType(NioSocketChannel.class)
              .queryTimeoutMillis(settings.timeout().toMillis())
              .resolveCache(NoopDnsCache.INSTANCE)
              .cnameCache(NoopDnsCnameCache.INSTANCE)
              .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE);
      if (!settings.servers().isEmpty()) {
        builder.nameServerProvider(
            new SequentialDnsServerAddressStreamProvider(
                settings.servers().stream()
                    .map(server -> new InetSocketAddress(server.host(), server.port()))
                    .toList()));
      }
      this.dns = builder.build();
    }

    /**
     * The addresses of a host.
     *
     * @return fails when there is none, or nobody says so in time
     */
    public CompletableFuture<Found> addresses(String host) {
      return switch (family) {
        case IPV4_FIRST -> first(host, DnsRecordType.A, DnsRecordType.AAAA);
        case IPV6_FIRST -> first(host, DnsRecordType.AAAA, DnsRecordType.A);
        case ALL ->
            either(
                records(host, DnsRecordType.A, NameResolver::place),
                records(host, DnsRecordType.AAAA, NameResolver::place));
      };
    }

    private CompletableFuture<Found> first(String host, DnsRecordType one, DnsRecordType other) {
      return records(host, one, NameResolver::place)
          .exceptionallyCompose(failure ->
              records(host, other, NameResolver::place)
                  .exceptionallyCompose(again -> CompletableFuture.failedFuture(failure)));
    }

    /**
     * The places of a service, {@code _http._tcp.example.com}: what its records name, with their
     * ports.
     *
     * @return fails when there is none, or nobody says so in time
     */
    public CompletableFuture<Found> service(String name) {
      return records(name, DnsRecordType.SRV, NameResolver::target).thenCompose(this::targets);
    }

    private CompletableFuture<Found> targets(Found service) {
      CompletableFuture<Found> all = null;
      for (Place target : service.places()) {
        CompletableFuture<Found> one =
            addresses(target.host()).thenApply(found -> at(target, found, service.ttlSeconds()));
        all = all == null ? one : either(all, one);
      }
      return all == null
          ? CompletableFuture.failedFuture(new UnknownHostException("the service is not offered"))
          : all;
    }

    private CompletableFuture<Found> records(
        String name, DnsRecordType type, BiFunction<DnsRecord, ByteBuf, Place> reader) {
      CompletableFuture<Found> found = new CompletableFuture<>();
      dns.resolveAll(new DefaultDnsQuestion(absolute(name), type))
          .addListener(done -> {
            if (done.isSuccess()) {
              complete(found, (List<?>) done.getNow(), type, reader);
            } else {
              found.completeExceptionally(done.cause());
            }
          });
      return found;
    }

    @Override
    public void close() {
      dns.close();
    }
  }

  /** A way to ask, to be closed before this. */
  public Way way(Resolution settings) {
    return new Way(settings);
  }

  /** A name with a dot is whole: the system's search domains are for people. */
  private static String absolute(String name) {
    return name.contains(".") && !name.endsWith(".") ? name + "." : name;
  }

  private static Found at(Place target, Found found, long ttl) {
    return new Found(
        found.places().stream()
            .map(
                place -> new Place(place.host(), target.port(), target.priority(), target.weight()))
            .toList(),
        Math.min(ttl, found.ttlSeconds()));
  }

  /** Both together; one is enough. */
  private static CompletableFuture<Found> either(
      CompletableFuture<Found> one, CompletableFuture<Found> other) {
    return one.handle((found, failure) -> found)
        .thenCombine(other.handle((found, failure) -> found), NameResolver::both)
        .thenCompose(both -> both == null ? one : CompletableFuture.completedFuture(both));
  }

  private static Found both(Found one, Found other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    List<Place> places = new ArrayList<>(one.places());
    other.places().stream().filter(place -> !places.contains(place)).forEach(places::add);
    return new Found(places, Math.min(one.ttlSeconds(), other.ttlSeconds()));
  }

  private static void complete(
      CompletableFuture<Found> found,
      List<?> records,
      DnsRecordType type,
      BiFunction<DnsRecord, ByteBuf, Place> reader) {
    try {
      long ttl = Long.MAX_VALUE;
      List<Place> places = new ArrayList<>();
      for (Object each : records) {
        if (each instanceof DnsRawRecord record && record.type().equals(type)) {
          Place place = reader.apply(record, record.content());
          ttl = Math.min(ttl, record.timeToLive());
          if (!place.host().isEmpty() && !places.contains(place)) {
            places.add(place);
          }
        }
      }
      if (places.isEmpty()) {
        found.completeExceptionally(new UnknownHostException("no " + type.name() + " record"));
      } else {
        found.complete(new Found(places, ttl));
      }
    } catch (RuntimeException e) {
      found.completeExceptionally(e); // what a name server sends can be anything
    } finally {
      records.forEach(ReferenceCountUtil::release);
    }
  }

  private static Place place(DnsRecord record, ByteBuf content) {
    byte[] address = new byte[content.readableBytes()];
    content.getBytes(content.readerIndex(), address);
    try {
      return new Place(InetAddress.getByAddress(address).getHostAddress(), 0, 0, 0);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address of " + address.length + " bytes", e);
    }
  }

  /** Priority, weight, port, target; the target {@code .} says that the service is not offered. */
  private static Place target(DnsRecord record, ByteBuf content) {
    int at = content.readerIndex();
    int priority = content.getUnsignedShort(at);
    int weight = content.getUnsignedShort(at + 2);
    int port = content.getUnsignedShort(at + 4);
    String host = DefaultDnsRecordDecoder.decodeName(content.duplicate().readerIndex(at + 6));
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return new Place(name, port, priority, weight);
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
