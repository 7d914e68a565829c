package io.steelyard.server.remote;

import io.steelyard.model.Address;
import io.steelyard.server.remote.AdminClient.AdminException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that asks a running process something. */
abstract class RemoteCommand implements Callable<Integer> {
  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9900",
      description = "The admin port of the process (default: ${DEFAULT-VALUE}).")
  private String admin = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  /**
   * Does it.
   *
   * @return the exit status
   */
  abstract int run(AdminClient client, PrintWriter out) throws AdminException, InterruptedException;

  @Override
  public final Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      return run(new AdminClient(address()), out);
    } catch (AdminException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("steelyard: " + e.getMessage());
      err.flush();
      return e.isUsage() ? ExitCode.USAGE : ExitCode.SOFTWARE;
    } finally {
      out.flush();
    }
  }

  private Address address() {
    try {
      return Address.parse(admin);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--admin: " + e.getMessage(), e);
    }
  }
}
