package io.steelyard.proxy.tcp;

import com.google.re2j.Pattern;
import io.steelyard.model.Cidr;
import io.steelyard.model.Match;
import io.steelyard.model.Route;
import io.steelyard.proxy.listen.ClientAddress;
import io.steelyard.proxy.listen.Networks;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one TCP listener, compiled: the first whose condition holds. A condition about
 * bytes that have not come yet is neither true nor false, and what follows it has to wait.
 * Immutable; thread-safe.
 */
final class TcpRouter {
  /** No route matches. */
  static final int NONE = -1;

  /** More of what the client sends has to be seen. */
  static final int MORE = -2;

  private enum Answer {
    YES,
    NO,
    UNKNOWN
  }

  private final List<Condition> conditions;
  private final boolean looksAtBytes;

  private TcpRouter(List<Condition> conditions, boolean looksAtBytes) {
    this.conditions = conditions;
    this.looksAtBytes = looksAtBytes;
  }

  /** Compiles routes that have been validated. */
  static TcpRouter compile(List<Route> routes) {
    return new TcpRouter(
        routes.stream().map(route -> Condition.of(route.match())).toList(),
        routes.stream().anyMatch(TcpRouter::looksAtBytes));
  }

  private static boolean looksAtBytes(Route route) {
    Match match = route.match();
    return match != null && match.looksAtBytes();
  }

  /** Whether any route depends on what the client sends. */
  boolean looksAtBytes() {
    return looksAtBytes;
  }

  /**
   * The number of the route, or {@link #NONE} or {@link #MORE}.
   *
   * @param first null when no route looks at bytes
   * @param isAll no more will come, or nobody waits for it: what has not come is not there
   */
  int route(ClientAddress client, @Nullable EarlyBytes first, boolean isAll) {
    for (int i = 0; i < conditions.size(); i++) {
      switch (conditions.get(i).holds(client, first)) {
        case YES -> {
          return i;
        }
        case UNKNOWN -> {
          if (!isAll) {
            return MORE;
          }
        }
        case NO -> {}
      }
    }
    return NONE;
  }

  /**
   * @param sni a name, or a suffix that begins with a dot
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes that nobody compares or changes
  private record Condition(
      @Nullable Networks source,
      @Nullable String sni,
      @Nullable String alpn,
      byte @Nullable [] begin,
      @Nullable Pattern pattern) {
    private static final Condition ALWAYS = new Condition(null, null, null, null, null);

    /** How much of what a client sends a pattern is looked for in. */
    private static final int MOST = 4096;

    static Condition of(@Nullable Match match) {
      if (match == null) {
        return ALWAYS;
      }
      Cidr source = match.source();
      String sni = match.sni();
      String begin = match.firstBytes();
      String pattern = match.firstBytesPattern();
      return new Condition(
          source == null ? null : new Networks(List.of(source)),
          sni != null && sni.startsWith("*.") ? sni.substring(1) : sni,
          match.alpn(),
          begin == null ? null : bytes(begin),
          pattern == null ? null : Pattern.compile(pattern));
    }

    /** {@code \xHH} and {@code \\} as the configuration writes them. */
    private static byte[] bytes(String text) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      int at = 0;
      while (at < text.length()) {
        if (text.startsWith("\\x", at)) {
          bytes.write(Integer.parseInt(text, at + 2, at + 4, 16));
          at += 4;
        } else {
          at += text.startsWith("\\\\", at) ? 1 : 0;
          bytes.writeBytes(text.substring(at, at + 1).getBytes(StandardCharsets.US_ASCII));
          at++;
        }
      }
      return bytes.toByteArray();
    }

    Answer holds(ClientAddress client, @Nullable EarlyBytes first) {
      if (source != null && !source.contains(client.raw())) {
        return Answer.NO;
      }
      if (first == null) {
        return Answer.YES; // then it does not look at bytes
      }
      Answer tls = sni == null && alpn == null ? Answer.YES : holdsOfTls(first);
      Answer begins = begin == null ? Answer.YES : beginsWith(begin, first);
      Answer found = pattern == null ? Answer.YES : finds(pattern, first);
      return all(tls, all(begins, found));
    }

    private static Answer all(Answer one, Answer other) {
      if (one == Answer.NO || other == Answer.NO) {
        return Answer.NO;
      }
      return one == Answer.YES ? other : one;
    }

    /** What has not come could still make it hold, up to a point. */
    private static Answer finds(Pattern pattern, EarlyBytes first) {
      if (pattern.matcher(first.text(MOST)).find()) {
        return Answer.YES;
      }
      return first.length() < MOST ? Answer.UNKNOWN : Answer.NO;
    }

    private Answer holdsOfTls(EarlyBytes first) {
      return switch (first.tls()) {
        case INCOMPLETE -> Answer.UNKNOWN;
        case NOT_TLS, MALFORMED -> Answer.NO;
        case COMPLETE -> isNamed(first) && isOffered(first) ? Answer.YES : Answer.NO;
      };
    }

    private boolean isNamed(EarlyBytes first) {
      String name = first.serverName();
      if (sni == null) {
        return true;
      }
      return name != null && (sni.startsWith(".") ? name.endsWith(sni) : name.equals(sni));
    }

    private boolean isOffered(EarlyBytes first) {
      return alpn == null || first.offers(alpn);
    }

    private static Answer beginsWith(byte[] begin, EarlyBytes first) {
      int there = Math.min(begin.length, first.length());
      for (int i = 0; i < there; i++) {
        if (first.at(i) != begin[i]) {
          return Answer.NO;
        }
      }
      return there == begin.length ? Answer.YES : Answer.UNKNOWN;
    }
  }
}
