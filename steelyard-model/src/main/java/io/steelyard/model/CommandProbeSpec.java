package io.steelyard.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a program. */
@Doc(
    "Runs a program; exit status 0 means well. It gets no input, and has the endpoint in the environment:"
        + " `STEELYARD_HOST` and `STEELYARD_PORT`. The first line that it prints is the detail shown. When the timeout is over,"
        + " it is killed together with the processes that it started.")
public record CommandProbeSpec(
    @Doc("The program, as an absolute path, and its arguments. No shell reads them.") @NotEmpty
        List<String> command,
    @Doc("Its environment; nothing else is in it but `PATH` and the two above.") @Default("{}")
        Map<String, String> environment)
    implements ProbeSpec {
  public CommandProbeSpec {
    command = List.copyOf(command);
    environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
  }
}
