package io.steelyard.server;

import io.steelyard.packet.bpf.BpfException;
import io.steelyard.packet.bpf.XdpMode;
import io.steelyard.server.agent.EndpointAgent;
import io.steelyard.server.agent.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code steelyard endpoint-agent}: makes this machine an endpoint of DR and TUN services. */
@Command(
    name = "endpoint-agent",
    description =
        "Runs on an endpoint of packet listeners with mode dr or tun, until SIGTERM or SIGINT: has the virtual"
            + " addresses on lo, keeps ARP silent for them, takes packets out of tunnels.")
final class EndpointAgentCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointAgentCommand.class);

  @Option(
      names = "--interface",
      paramLabel = "NAME",
      description = "By which the balancer's packets come (default: ${DEFAULT-VALUE}).",
      defaultValue = "eth0")
  private String device = "";

  @Option(
      names = "--vip",
      paramLabel = "ADDRESS",
      required = true,
      description = "A virtual address; may be given several times.")
  private List<String> vips = List.of();

  @Option(
      names = "--balancer",
      paramLabel = "NETWORK",
      description =
          "Whose tunnels are opened, such as 10.0.0.0/28: a listener's tunnel source with all that vary-bits"
              + " makes of it; may be given several times. Without it none are.")
  private List<String> balancers = List.of();

  @Option(names = "--generic", description = "Generic XDP, for drivers that have no other.")
  private boolean generic;

  @Option(
      names = "--check",
      description =
          "Does nothing but say, as commands, what is missing. Exit status 1 when something is.")
  private boolean check;

  @Option(names = "--tunnel", description = "With --check: packets come in tunnels.")
  private boolean tunnel;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    var addresses = parsed(vips, InetAddress::ofLiteral, "--vip");
    var networks = parsed(balancers, Network::parse, "--balancer");
    try {
      return check ? check(addresses) : run(addresses, networks);
    } catch (BpfException | IOException | IllegalArgumentException | IllegalStateException e) {
      spec.commandLine().getErr().println("steelyard: endpoint-agent: " + e.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private <T> List<T> parsed(List<String> texts, Function<String, T> parser, String option) {
    try {
      return texts.stream().map(parser).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), option + ": " + e.getMessage() + ", expected IP addresses", e);
    }
  }

  private int check(List<InetAddress> addresses) {
    var missing = EndpointAgent.missing(device, addresses, tunnel);
    var out = spec.commandLine().getOut();
    if (missing.isEmpty()) {
      out.println("Nothing is missing.");
      return ExitCode.OK;
    }
    missing.forEach(out::println);
    return ExitCode.SOFTWARE;
  }

  private int run(List<InetAddress> addresses, List<Network> networks)
      throws IOException, InterruptedException {
    var stop = new CountDownLatch(1);
    Signals.onStop(stop::countDown);
    var xdp = generic ? XdpMode.GENERIC : XdpMode.NATIVE;
    try (var agent =
        EndpointAgent.start(device, addresses, networks, xdp, done -> LOG.info("Done: {}", done))) {
      LOG.info("Endpoint of {} at {}", vips, device);
      stop.await();
      LOG.info("Stopping");
    }
    return ExitCode.OK;
  }
}
