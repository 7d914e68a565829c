package io.steelyard.server;

import io.steelyard.server.remote.RemoteCommands;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The command line: {@code steelyard COMMAND …}. */
@Command(
    name = "steelyard",
    description = "A load balancer for every layer: one process, one configuration file.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    subcommands = {RunCommand.class, CheckCommand.class, SimulateCommand.class, DemoCommand.class},
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "1:failed while running", "2:wrong usage or configuration"},
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandErrors errors = new CommandErrors();
    CommandLine commands = new CommandLine(new Main());
    RemoteCommands.all().forEach(commands::addSubcommand);
    return commands.setParameterExceptionHandler(errors).setExecutionExceptionHandler(errors);
  }
}
