package io.steelyard.server;

import io.steelyard.packet.bpf.BpfException;
import io.steelyard.packet.lab.Laboratory;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code steelyard lab MODE}: one of the packet plane's modes at work in network namespaces. */
@Command(
    name = "lab",
    description =
        "Builds a client, a director, a router and endpoints in network namespaces, sends real traffic through"
            + " one of the packet plane's modes, shows each hop's addresses and MACs, and takes everything down."
            + " Needs root, iproute2 and ethtool.")
final class LabCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODE", description = "nat, dr, tun or fullnat.")
  private String mode = "";

  @Option(names = "--ipv6", description = "IPv6 instead of IPv4.")
  private boolean ipv6;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      spec.commandLine().getOut().print(Laboratory.show(chosen(), ipv6));
      spec.commandLine().getOut().flush();
      return ExitCode.OK;
    } catch (BpfException | IllegalStateException problem) {
      err.println("steelyard: the lab cannot be: " + problem.getMessage());
      return ExitCode.SOFTWARE;
    }
  }

  private Laboratory.Mode chosen() {
    for (var each : Laboratory.Mode.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(mode)) {
        return each;
      }
    }
    throw new ParameterException(
        spec.commandLine(), "mode '" + mode + "', expected nat, dr, tun or fullnat");
  }
}
