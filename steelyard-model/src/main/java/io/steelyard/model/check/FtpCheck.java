package io.steelyard.model.check;

import io.steelyard.model.Configuration;
import io.steelyard.model.FtpSpec;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Listener;
import io.steelyard.model.Match;
import io.steelyard.model.Protocol;
import io.steelyard.model.Route;
import java.util.Objects;

/** Checks that FTP can be read where it shall be. */
final class FtpCheck {
  private static final KeyPath LISTENERS = KeyPath.ROOT.key("listeners");
  private static final KeyPath POOLS = KeyPath.ROOT.key("pools");

  private final Configuration configuration;
  private final Findings findings;

  FtpCheck(Configuration configuration, Findings findings) {
    this.configuration = configuration;
    this.findings = findings;
  }

  void all() {
    configuration
        .listeners()
        .forEach((name, listener) -> {
          FtpSpec ftp = listener.ftp();
          if (ftp != null) {
            listener(listener, ftp, LISTENERS.key(name));
          }
        });
  }

  private void listener(Listener listener, FtpSpec ftp, KeyPath path) {
    KeyPath here = path.key("ftp");
    if (listener.protocol() != Protocol.TCP) {
      findings.error(here, "is about TCP, expected it to be left out, or protocol: tcp");
      return;
    }
    if ((ftp.firstPort() == 0) != (ftp.lastPort() == 0) || ftp.lastPort() < ftp.firstPort()) {
      findings.error(
          here.key("last-port"),
          "is "
              + ftp.lastPort()
              + " and 'first-port' is "
              + ftp.firstPort()
              + ", expected a range, or 0 and 0");
    }
    if (listener.address().isUnix()) {
      findings.error(path.key("address"), "is a Unix socket, expected HOST:PORT with 'ftp'");
    }
    if (listener.tls() != null) {
      findings.error(
          path.key("tls"),
          "ends TLS of the control connection alone, not of data, expected it to be left out with 'ftp'");
    }
    routes(listener, path);
    listener.effectiveRoutes().stream()
        .map(Route::pool)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(this::pool);
  }

  private void routes(Listener listener, KeyPath path) {
    for (int i = 0; i < listener.routes().size(); i++) {
      Match match = listener.routes().get(i).match();
      if (match != null && match.looksAtBytes()) {
        findings.error(
            path.key("routes").item(i).key("match"),
            "looks at the client's first bytes, and in FTP the server speaks first, expected 'source' or nothing");
      }
    }
  }

  private void pool(String name) {
    var pool = configuration.pools().get(name);
    if (pool == null) {
      return;
    }
    if (pool.tls() != null) {
      findings.error(
          POOLS.key(name).key("tls"),
          "begins TLS of control connections of 'ftp' alone, expected it to be left out");
    }
    if (pool.socket().transparent()) {
      findings.error(
          POOLS.key(name).key("socket").key("transparent"),
          "cannot be with 'ftp', whose endpoints connect to us, expected it to be left out");
    }
  }
}
