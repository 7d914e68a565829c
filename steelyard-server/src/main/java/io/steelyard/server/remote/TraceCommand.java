package io.steelyard.server.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.steelyard.server.remote.AdminClient.AdminException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code steelyard trace VIP}: what the packet plane decides, as it happens. */
@Command(
    name = "trace",
    description = {
      "Shows packets of one of the packet plane's virtual addresses as they come and as they leave, with addresses"
          + " and MACs, and why others were dropped, until it is interrupted.",
      "A line is: protocol, flags, length, CIP → VIP and MACs as it came ⇒ mode, new or known, the endpoint, addresses"
          + " and MACs as it left."
    })
final class TraceCommand extends RemoteCommand {
  private static final long LOOK_MILLIS = 200;

  @Parameters(paramLabel = "VIP", description = "The virtual address.")
  private String vip = "";

  @Option(
      names = "--every",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "One packet in so many, by chance (default: ${DEFAULT-VALUE}). What comes faster than it is read is left out.")
  private int every;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "0",
      description = "Ends after so many lines (default: never).")
  private long count;

  @Override
  int run(AdminClient client, PrintWriter out) throws AdminException, InterruptedException {
    var path = "/v1/trace/" + URLEncoder.encode(vip, UTF_8);
    var body = "{\"every\":" + every + "}";
    for (long shown = 0; count == 0 || shown < count; Thread.sleep(LOOK_MILLIS)) {
      for (var line : client.put(path, body).path("decisions")) {
        if (count == 0 || shown < count) {
          out.println(line.asString());
          shown++;
        }
      }
      out.flush();
    }
    return ExitCode.OK;
  }
}
