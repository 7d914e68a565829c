package io.steelyard.model.check;

import io.steelyard.model.EndpointTls;
import io.steelyard.model.KeyPath;
import io.steelyard.model.ListenerTls;
import java.util.List;

/** Finds what is wrong with the TLS of a listener or a pool. */
final class TlsCheck {
  private final TlsFiles files;
  private final Findings findings;

  TlsCheck(TlsFiles files, Findings findings) {
    this.files = files;
    this.findings = findings;
  }

  void listener(ListenerTls tls, KeyPath path) {
    if (!findings.source().isDoubtful(path)) {
      report(files.problems(tls, path));
    }
    if (tls.profile() == ListenerTls.Profile.MODERN && !tls.ciphers().isEmpty()) {
      findings.error(
          path.key("ciphers"),
          "stand beside profile modern, which has no TLS 1.2, expected profile intermediate or no ciphers");
    }
    stapling(tls, path);
  }

  private void stapling(ListenerTls tls, KeyPath path) {
    if (tls.ocspFetch() && tls.checkInterval().isZero()) {
      findings.error(
          path.key("ocsp-fetch"),
          "stands beside check-interval 0s, expected one at which responders can be asked again");
    }
  }

  void pool(EndpointTls tls, KeyPath path) {
    if (!findings.source().isDoubtful(path)) {
      report(files.problems(tls, path));
    }
  }

  private void report(List<TlsFiles.Problem> problems) {
    for (var problem : problems) {
      if (problem.warning()) {
        findings.warning(problem.path(), problem.message());
      } else {
        findings.error(problem.path(), problem.message());
      }
    }
  }
}
