package io.steelyard.server.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.steelyard.model.Durations;
import io.steelyard.model.Kind.Choice;
import io.steelyard.model.Wish;
import io.steelyard.server.remote.AdminClient.AdminException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code steelyard ready|drain|disable POOL ENDPOINT}: says what is wanted of an endpoint. */
abstract class WishCommand extends RemoteCommand {
  private static final long LOOK_MILLIS = 100;

  private final Wish wish;

  @Parameters(index = "0", paramLabel = "POOL", description = "The pool's name.")
  private String pool = "";

  @Parameters(
      index = "1",
      paramLabel = "ENDPOINT",
      description = "The endpoint's address, as 'steelyard status' shows it.")
  private String endpoint = "";

  private WishCommand(Wish wish) {
    this.wish = wish;
  }

  @Override
  int run(AdminClient client, PrintWriter out) throws AdminException, InterruptedException {
    JsonNode answer = client.put(path(), "{\"wish\":\"%s\"}".formatted(Choice.word(wish)));
    out.println(text(answer));
    return ExitCode.OK;
  }

  final String path() {
    return "/v1/pools/" + encode(pool) + "/endpoints/" + encode(endpoint) + "/wish";
  }

  private static String encode(String segment) {
    return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
  }

  static String text(JsonNode answer) {
    return "%s/%s is wanted %s, its health is %s, %d requests in flight, %d connections"
        .formatted(
            answer.path("pool").asString(),
            answer.path("endpoint").asString(),
            answer.path("wish").asString(),
            answer.path("health").asString(),
            answer.path("in_flight").asInt(),
            answer.path("connections").asInt());
  }

  /** {@code steelyard ready}. */
  @Command(
      name = "ready",
      description = "Lets an endpoint take traffic again, while it is well; with its slow start.")
  static final class Ready extends WishCommand {
    Ready() {
      super(Wish.READY);
    }
  }

  /** What ends an endpoint's traffic can wait until there is none. */
  abstract static class Ending extends WishCommand {
    @Option(
        names = "--wait",
        paramLabel = "DURATION",
        description =
            "Waits, no longer than this, until the endpoint has no request in flight; exit status 1 when it still has.")
    private @Nullable String patience;

    private Ending(Wish wish) {
      super(wish);
    }

    @Override
    int run(AdminClient client, PrintWriter out) throws AdminException, InterruptedException {
      var asked = patience;
      if (asked == null) {
        return super.run(client, out);
      }
      Duration atMost;
      try {
        atMost = Durations.parse(asked);
      } catch (IllegalArgumentException e) {
        throw new AdminException("--wait: " + e.getMessage(), true, e);
      }
      super.run(client, out);
      return await(client, out, atMost);
    }

    private int await(AdminClient client, PrintWriter out, Duration atMost)
        throws AdminException, InterruptedException {
      long deadline = System.nanoTime() + atMost.toNanos();
      JsonNode answer = client.getJson(path());
      while (answer.path("in_flight").asInt() > 0 && deadline - System.nanoTime() > 0) {
        Thread.sleep(LOOK_MILLIS);
        answer = client.getJson(path());
      }
      out.println(text(answer));
      return answer.path("in_flight").asInt() > 0 ? ExitCode.SOFTWARE : ExitCode.OK;
    }
  }

  /** {@code steelyard drain}. */
  @Command(
      name = "drain",
      description =
          "Sends nothing new to an endpoint; what it has under way goes on. It is still probed.")
  static final class Drain extends Ending {
    Drain() {
      super(Wish.DRAIN);
    }
  }

  /** {@code steelyard disable}. */
  @Command(
      name = "disable",
      description = "Drains an endpoint, and does not probe it any more: nothing goes there.")
  static final class Disable extends Ending {
    Disable() {
      super(Wish.DISABLED);
    }
  }
}
