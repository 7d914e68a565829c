package io.steelyard.server;

import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Configuration;
import io.steelyard.model.read.ConfigReader;
import io.steelyard.model.read.ReadResult;
import io.steelyard.net.tls.TlsFileCheck;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a configuration file for a command and tells what is wrong with it. */
final class ConfigurationFile {
  private ConfigurationFile() {}

  /**
   * The configuration; null when it has errors. Errors and warnings have been printed, a line each.
   */
  static @Nullable Configuration read(Path file, Balancers balancers, PrintWriter err) {
    ReadResult result =
        new ConfigReader(new KnownBalancers(balancers), new TlsFileCheck()).read(file);
    result.lines().forEach(err::println);
    err.flush();
    return result.configuration();
  }
}
