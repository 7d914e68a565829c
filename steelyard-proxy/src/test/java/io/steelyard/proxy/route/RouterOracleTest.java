package io.steelyard.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Match;
import io.steelyard.model.Route;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The compiled routes beside a loop over all of them. */
class RouterOracleTest {
  private static final int SEEDS = 512;
  private static final int REQUESTS = 200;
  private static final Pattern PORT = Pattern.compile(":[0-9]*$");
  private static final List<String> LABELS = List.of("a", "b", "ab", "ba", "aa", "c-1");
  private static final List<String> LITERALS = List.of("[::1]", "[::a]", "10.0.0.1", "10");

  @Test
  void choosesAsALoopOverAllRoutesWould() {
    for (int seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Route> routes = Stream.generate(() -> route(random)).limit(random.nextInt(40)).toList();
      Router router = Router.compile(routes);
      for (int i = 0; i < REQUESTS; i++) {
        String host = requestedHost(random);
        String path = random.nextInt(20) == 0 ? "" : path(random, "/aab?");
        assertThat(Routes.find(router, host, path))
            .as("seed %d: '%s' '%s' among %s", seed, host, path, routes)
            .isEqualTo(expected(routes, host, path));
      }
    }
  }

  private static int expected(List<Route> routes, String host, String path) {
    String name = PORT.matcher(host).replaceFirst("").toLowerCase(Locale.ROOT);
    name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    for (int i = 0; i < routes.size(); i++) {
      Match match = routes.get(i).match();
      if (match == null || matches(match, name, path)) {
        return i;
      }
    }
    return Router.NONE;
  }

  private static boolean matches(Match match, String name, String path) {
    String host = match.host();
    String prefix = match.pathPrefix();
    return (host == null || coversHost(host, name)) && (prefix == null || path.startsWith(prefix));
  }

  private static boolean coversHost(String host, String name) {
    return host.startsWith("*.")
        ? name.endsWith(host.substring(1)) && name.length() > host.length() - 1
        : name.equals(host);
  }

  private static Route route(SplittableRandom random) {
    if (random.nextInt(30) == 0) {
      return Routes.otherwise();
    }
    return Routes.route(
        random.nextInt(4) == 0 ? null : conditionHost(random),
        random.nextInt(3) == 0 ? null : path(random, "/aab"));
  }

  private static String conditionHost(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> LITERALS.get(random.nextInt(LITERALS.size()));
      case 1 -> "*." + name(random, 3);
      default -> name(random, 4);
    };
  }

  private static String requestedHost(SplittableRandom random) {
    if (random.nextInt(20) == 0) {
      return "";
    }
    String host =
        random.nextInt(6) == 0
            ? LITERALS.get(random.nextInt(LITERALS.size()))
            : name(random, 5) + (random.nextInt(5) == 0 ? "." : "");
    String cased = random.nextInt(4) == 0 ? host.toUpperCase(Locale.ROOT) : host;
    return switch (random.nextInt(4)) {
      case 0 -> cased + ":8080";
      case 1 -> cased + ":";
      default -> cased;
    };
  }

  private static String name(SplittableRandom random, int mostLabels) {
    StringBuilder name = new StringBuilder(LABELS.get(random.nextInt(LABELS.size())));
    for (int i = random.nextInt(mostLabels); i > 0; i--) {
      name.append('.').append(LABELS.get(random.nextInt(LABELS.size())));
    }
    return name.toString();
  }

  /** Of few different letters, so that many begin alike. */
  private static String path(SplittableRandom random, String letters) {
    StringBuilder path = new StringBuilder("/");
    for (int i = random.nextInt(7); i > 0; i--) {
      path.append(letters.charAt(random.nextInt(letters.length())));
    }
    return path.toString();
  }
}
