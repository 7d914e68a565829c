package io.steelyard.proxy.route;

import io.steelyard.codec.ByteView;
import io.steelyard.model.Match;
import io.steelyard.model.Route;
import org.jspecify.annotations.Nullable;

/** Short forms. */
final class Routes {
  private Routes() {}

  static Route route(@Nullable String host, @Nullable String pathPrefix) {
    return new Route(new Match(host, pathPrefix), "p");
  }

  static Route otherwise() {
    return new Route(null, "p");
  }

  static int find(Router router, String host, String path) {
    return router.route(ByteView.of(host), ByteView.of(path));
  }
}
