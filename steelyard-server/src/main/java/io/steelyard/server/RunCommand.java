package io.steelyard.server;

import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Configuration;
import io.steelyard.net.tls.CertificateReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code steelyard run FILE}: serves in the foreground until it is told to stop. */
@Command(
    name = "run",
    description =
        "Serves in the foreground until SIGTERM or SIGINT. SIGHUP reopens the access log.")
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  @Parameters(paramLabel = "FILE", description = "The configuration, in YAML.")
  private Path file = Path.of("");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    Balancers balancers = Balancers.standard();
    CertificateReader certificates = new CertificateReader();
    Configuration configuration = ConfigurationFile.read(file, balancers, certificates, err);
    if (configuration == null) {
      return ExitCode.USAGE;
    }
    try (Server server = Server.start(configuration, balancers, certificates)) {
      Signals.onStop(server::shutdown);
      Signals.onHangup(server::reopenLogs);
      report(server);
      server.awaitStop();
      return ExitCode.OK;
    } catch (StartException e) {
      err.println("steelyard: " + e.getMessage());
      err.flush();
      return ExitCode.SOFTWARE;
    }
  }

  private static void report(Server server) {
    LOG.info("Admin listens on {}", HostPort.of(server.adminAddress()));
    server
        .listening()
        .forEach((name, address) -> LOG.info("Listener {} listens on {}", name, address));
    LOG.info("Steelyard {} is ready", Version.text());
  }
}
