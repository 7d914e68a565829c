package io.steelyard.server;

import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Configuration;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code steelyard check FILE}: says what is wrong with a configuration. */
@Command(
    name = "check",
    description =
        "Validates a configuration and prints each finding as FILE:LINE:COLUMN: error: PATH: …")
final class CheckCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The configuration, in YAML.")
  private Path file = Path.of("");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Configuration configuration =
        ConfigurationFile.read(file, Balancers.standard(), spec.commandLine().getErr());
    if (configuration == null) {
      return ExitCode.USAGE;
    }
    spec.commandLine().getOut().println(file + ": valid");
    return ExitCode.OK;
  }
}
