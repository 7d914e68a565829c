package io.steelyard.bench;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code openssl s_time}: connects, shakes hands, makes one request of HTTP/1.0 and begins anew. It
 * tells no times, and reads heads and bodies together.
 */
final class HandshakeClient {
  private static final Pattern COUNT =
      Pattern.compile("(\\d+) connections in \\S+ real seconds, (\\d+) bytes read per connection");

  private HandshakeClient() {}

  static List<String> command(int port, Work work, int seconds) {
    return List.of(
        Tools.require("openssl"),
        "s_time",
        "-connect",
        "127.0.0.1:" + port,
        work == Work.RESUME ? "-reuse" : "-new",
        "-www",
        work.path(),
        "-time",
        Integer.toString(seconds));
  }

  /**
   * What several of them have done at the same time.
   *
   * @throws IllegalStateException when one's output is not as expected, or a session was not
   *     resumed that should have been
   */
  static WrkResult sum(List<String> outputs, Work work, double seconds) {
    long connections = 0;
    double bytes = 0;
    for (String output : outputs) {
      Matcher matcher = COUNT.matcher(output);
      if (!matcher.find()) {
        throw new IllegalStateException(
            "expected the output of openssl s_time, with "
                + COUNT
                + ", but found: "
                + output.strip());
      }
      if (work == Work.RESUME && output.contains("*")) {
        throw new IllegalStateException("openssl s_time -reuse: a session was not resumed");
      }
      connections += Long.parseLong(matcher.group(1));
      bytes += Double.parseDouble(matcher.group(2)) * Long.parseLong(matcher.group(1));
    }
    return new WrkResult(connections, connections / seconds, bytes, 0, 0, List.of());
  }
}
