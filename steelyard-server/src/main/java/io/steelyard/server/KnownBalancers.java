package io.steelyard.server;

import io.steelyard.balance.KeySource;
import io.steelyard.balance.balancer.BalancerProblem;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Protocol;
import io.steelyard.model.check.BalancerNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the validator which balancers there are: the model does not know, the registry does. */
final class KnownBalancers implements BalancerNames {
  private final Balancers balancers;

  KnownBalancers(Balancers balancers) {
    this.balancers = balancers;
  }

  @Override
  public @Nullable String error(BalancerSpec spec) {
    List<BalancerProblem> problems = balancers.check(spec);
    return problems.isEmpty() ? null : problems.getFirst().message();
  }

  @Override
  public @Nullable String missing(BalancerSpec spec, Protocol protocol) {
    for (KeySource.Kind kind : balancers.needs(spec)) {
      if (!isShown(kind, protocol)) {
        return words(kind);
      }
    }
    return null;
  }

  private static boolean isShown(KeySource.Kind kind, Protocol protocol) {
    return switch (kind) {
      case SOURCE_ADDRESS, DESTINATION_ADDRESS -> true;
      case URI, PARAMETER, HEADER, COOKIE -> protocol == Protocol.HTTP;
      case RDP_COOKIE -> protocol == Protocol.TCP;
      case DNS_NAME, RADIUS_USER_NAME, RADIUS_CALLING_STATION_ID -> protocol == Protocol.UDP;
      case COMMAND_KEY -> false;
    };
  }

  private static String words(KeySource.Kind kind) {
    return switch (kind) {
      case SOURCE_ADDRESS -> "the client's address";
      case DESTINATION_ADDRESS -> "the address that the client connected to";
      case URI -> "the URI of a request";
      case PARAMETER -> "a parameter of a request's URI";
      case HEADER -> "a header field of a request";
      case COOKIE -> "a cookie of a request";
      case RDP_COOKIE -> "the cookie of an RDP connection";
      case DNS_NAME -> "the name in a DNS query";
      case RADIUS_USER_NAME -> "the user's name in a RADIUS request";
      case RADIUS_CALLING_STATION_ID -> "the calling station in a RADIUS request";
      case COMMAND_KEY -> "the key of a command";
    };
  }
}
