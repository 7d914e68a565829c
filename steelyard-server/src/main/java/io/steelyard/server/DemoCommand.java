package io.steelyard.server;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code steelyard demo}: something to look at, without any configuration. */
@Command(
    name = "demo",
    description =
        "Starts sample endpoints, balances over them, sends a little load, and tells where to look.")
final class DemoCommand implements Callable<Integer> {
  private static final Duration FIRST_SUMMARY = Duration.ofSeconds(5);
  private static final Duration NEXT_SUMMARY = Duration.ofMinutes(1);

  /**
   * The sample endpoints are servers of the JDK, whose bounds are made for fewer connections than
   * somebody may try on a demo. It reads these once per process.
   */
  private static final String CONNECTIONS = "4096";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Where the demo listens on 127.0.0.1 (default: ${DEFAULT-VALUE}; 0: any).")
  private int port;

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      defaultValue = "9900",
      description =
          "Where its admin port listens on 127.0.0.1 (default: ${DEFAULT-VALUE}; 0: any).")
  private int adminPort;

  @Option(
      names = "--load",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Requests per second that it sends itself, 0 to 1000 (default: ${DEFAULT-VALUE}).")
  private int load;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    requireInRange("--port", port, 65_535);
    requireInRange("--admin-port", adminPort, 65_535);
    requireInRange("--load", load, 1_000);
    if (port == adminPort && port != 0) {
      throw usage("--port and --admin-port are both " + port + ", expected two ports");
    }
    System.setProperty("jdk.httpserver.maxConnections", CONNECTIONS);
    System.setProperty("sun.net.httpserver.maxIdleConnections", CONNECTIONS);
    try (Demo demo = Demo.start(port, adminPort, load)) {
      Signals.onStop(demo::close);
      say(introduction(demo));
      summariseUntilStopped(demo);
      return ExitCode.OK;
    } catch (StartException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("steelyard: " + e.getMessage() + hint(e.part()));
      err.flush();
      return ExitCode.SOFTWARE;
    }
  }

  private void requireInRange(String option, int value, int most) {
    if (value < 0 || value > most) {
      throw usage(option + " is " + value + ", expected 0 to " + most);
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static String hint(StartException.Part part) {
    return switch (part) {
      case LISTENER -> " (--port takes another port)";
      case ADMIN -> " (--admin-port takes another port)";
      case TRANSPORT, ACCESS_LOG, PACKET -> "";
    };
  }

  private String introduction(Demo demo) {
    return """
    Steelyard %s balances over three sample endpoints. Look at

      %s            each request is answered by the next endpoint
      %s            what is counted
      %smetrics     the same for Prometheus
      %sv1/status   the same as JSON

    This configuration runs. Save it, change it, and start it with "steelyard run FILE":

    %s
    %s Ctrl-C stops everything.
    """
        .formatted(
            Version.text(),
            demo.site(),
            demo.admin(),
            demo.admin(),
            demo.admin(),
            demo.configuration(),
            load == 0 ? "It gets no load." : "It gets " + load + " requests per second of load.");
  }

  private void summariseUntilStopped(Demo demo) throws InterruptedException {
    Duration next = FIRST_SUMMARY;
    while (!demo.awaitStop(next)) {
      demo.loadSummary().ifPresent(summary -> say("Load: " + summary));
      next = NEXT_SUMMARY;
    }
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
