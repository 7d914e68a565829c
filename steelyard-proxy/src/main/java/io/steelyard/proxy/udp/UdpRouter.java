package io.steelyard.proxy.udp;

import io.netty.buffer.ByteBuf;
import io.steelyard.codec.dns.DnsQuestion;
import io.steelyard.codec.dns.DnsType;
import io.steelyard.model.Cidr;
import io.steelyard.model.Match;
import io.steelyard.model.Route;
import io.steelyard.proxy.listen.Networks;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one UDP listener, compiled: the first whose condition holds for the datagram that
 * begins a session. Belongs to its event loop.
 */
final class UdpRouter {
  /** No route matches. */
  static final int NONE = -1;

  private static final int ANY_TYPE = -1;

  private final DnsQuestion question = new DnsQuestion();
  private final List<Condition> conditions;
  private final boolean looksAtQueries;

  UdpRouter(List<Route> routes) {
    conditions = routes.stream().map(route -> Condition.of(route.match())).toList();
    looksAtQueries = routes.stream().anyMatch(UdpRouter::looksAtQueries);
  }

  private static boolean looksAtQueries(Route route) {
    Match match = route.match();
    return match != null && match.looksAtQueries();
  }

  /** The number of the route, or {@link #NONE}. */
  int route(InetSocketAddress client, ByteBuf first) {
    boolean isQuery =
        looksAtQueries && question.parse(first, first.readerIndex(), first.writerIndex());
    String name = isQuery ? question.name() : null;
    for (int i = 0; i < conditions.size(); i++) {
      if (conditions.get(i).holds(client, name, question.type())) {
        return i;
      }
    }
    return NONE;
  }

  /**
   * @param name a name, or a suffix that begins with a dot
   */
  private record Condition(@Nullable Networks source, @Nullable String name, int type) {
    static Condition of(@Nullable Match match) {
      if (match == null) {
        return new Condition(null, null, ANY_TYPE);
      }
      Cidr source = match.source();
      String name = match.dnsName();
      String type = match.dnsType();
      return new Condition(
          source == null ? null : new Networks(List.of(source)),
          name != null && name.startsWith("*.") ? name.substring(1) : name,
          type == null ? ANY_TYPE : DnsType.number(type));
    }

    /**
     * @param asked null when the datagram is no query
     */
    boolean holds(InetSocketAddress client, @Nullable String asked, int askedType) {
      if (source != null && !source.contains(client)) {
        return false;
      }
      if (name == null && type == ANY_TYPE) {
        return true;
      }
      return asked != null && isNamed(asked) && (type == ANY_TYPE || type == askedType);
    }

    private boolean isNamed(String asked) {
      return name == null || (name.startsWith(".") ? asked.endsWith(name) : asked.equals(name));
    }
  }
}
