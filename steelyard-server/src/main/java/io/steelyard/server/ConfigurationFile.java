package io.steelyard.server;

import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Configuration;
import io.steelyard.model.read.ConfigReader;
import io.steelyard.model.read.ReadResult;
import io.steelyard.net.tls.CertificateReader;
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
    return read(file, balancers, new CertificateReader(), err);
  }

  /** The same; the reader keeps what was found out about certificates for those who use them. */
  static @Nullable Configuration read(
      Path file, Balancers balancers, CertificateReader certificates, PrintWriter err) {
    ReadResult result =
        new ConfigReader(new KnownBalancers(balancers), new TlsFileCheck(certificates)).read(file);
    result.lines().forEach(err::println);
    err.flush();
    return result.configuration();
  }
}
