package io.steelyard.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code steelyard ipvs}: what the packet plane serves, in the form of {@code ipvsadm -Ln}. */
@Command(
    name = "ipvs",
    description = "Lists what the packet plane of a running Steelyard serves, as ipvsadm -Ln does.")
final class IpvsCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      description = "The admin port (default: ${DEFAULT-VALUE}).",
      defaultValue = "127.0.0.1:9900")
  private String admin = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://" + admin + "/v1/ipvs"))
              .timeout(PATIENCE)
              .build();
      var answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        err.println("steelyard: " + admin + " answered " + answer.statusCode() + ", expected 200");
        return ExitCode.SOFTWARE;
      }
      spec.commandLine().getOut().print(answer.body());
      spec.commandLine().getOut().flush();
      return ExitCode.OK;
    } catch (IOException e) {
      err.println("steelyard: no admin port answers at " + admin + ": " + e);
      return ExitCode.SOFTWARE;
    } catch (IllegalArgumentException e) {
      err.println("steelyard: --admin is '" + admin + "', expected HOST:PORT");
      return ExitCode.USAGE;
    }
  }
}
