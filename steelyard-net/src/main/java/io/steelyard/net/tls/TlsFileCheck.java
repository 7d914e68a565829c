package io.steelyard.net.tls;

import io.steelyard.model.CertificateSpec;
import io.steelyard.model.ClientCertificates;
import io.steelyard.model.EndpointTls;
import io.steelyard.model.KeyPath;
import io.steelyard.model.ListenerTls;
import io.steelyard.model.Nearest;
import io.steelyard.model.Quote;
import io.steelyard.model.check.TlsFiles;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files that a configuration's TLS names, and says what is wrong with them. Thread-safe.
 */
public final class TlsFileCheck implements TlsFiles {
  /** The groups that BoringSSL has. */
  private static final Set<String> CURVES =
      Set.of("X25519MLKEM768", "X25519", "P-256", "P-384", "P-521");

  private final CertificateReader reader;

  /**
   * @param reader remembers what it reads for the listeners
   */
  public TlsFileCheck(CertificateReader reader) {
    this.reader = reader;
  }

  @Override
  public List<Problem> problems(ListenerTls tls, KeyPath path) {
    List<Problem> problems = new ArrayList<>(certificates(tls, path.key("certificates")));
    if (problems.isEmpty() && Staples.isWanted(tls)) {
      staples(tls, path.key("certificates"), problems);
    }
    ciphers(tls, path.key("ciphers"), problems);
    curves(tls, path.key("curves"), problems);
    String keys = tls.tickets().keysFile();
    if (keys != null) {
      attempt(path.key("tickets"), problems, () -> TicketKeys.read(keys));
    }
    ClientCertificates client = tls.client();
    if (client != null) {
      attempt(path.key("client"), problems, () -> Trust.of(client.authorities(), client.revoked()));
    }
    return problems;
  }

  @Override
  public List<Problem> problems(EndpointTls tls, KeyPath path) {
    List<Problem> problems = new ArrayList<>();
    String authorities = tls.authorities();
    if (authorities != null) {
      attempt(path, problems, () -> Trust.of(authorities, null));
    }
    CertificateSpec own = tls.certificate();
    if (own != null) {
      try (EngineProof proof = EngineProof.open()) {
        Problem problem = certificate(own, path.key("certificate"), proof);
        if (problem != null) {
          problems.add(problem);
        }
      }
    }
    return problems;
  }

  /** Thousands of files are read by all processors. */
  private List<Problem> certificates(ListenerTls tls, KeyPath path) {
    try (EngineProof proof = EngineProof.open()) {
      return IntStream.range(0, tls.certificates().size())
          .parallel()
          .mapToObj(i -> certificate(tls.certificates().get(i), path.item(i), proof))
          .filter(Objects::nonNull)
          .toList();
    }
  }

  private @Nullable Problem certificate(CertificateSpec spec, KeyPath path, EngineProof proof) {
    try {
      Instant end = reader.look(spec, proof).notAfter();
      if (end.isBefore(Instant.now())) {
        return error(
            path.key("certificate"),
            spec.certificate() + " expired at " + end + ", expected a certificate that is valid");
      }
      return null;
    } catch (TlsException e) {
      return error(path.key(e.key()), e.text());
    }
  }

  private static void staples(ListenerTls tls, KeyPath path, List<Problem> problems) {
    for (int i = 0; i < tls.certificates().size(); i++) {
      CertificateSpec spec = tls.certificates().get(i);
      KeyPath at = path.item(i);
      try {
        boolean given = spec.ocsp() != null;
        String doubt = given ? Staples.doubt(spec) : Staples.unanswerable(spec);
        if (doubt != null) {
          problems.add(new Problem(at.key(given ? "ocsp" : "certificate"), true, doubt));
        }
      } catch (TlsException e) {
        problems.add(error(at.key(e.key()), e.text()));
      }
    }
  }

  private static void ciphers(ListenerTls tls, KeyPath path, List<Problem> problems) {
    for (int i = 0; i < tls.ciphers().size(); i++) {
      String name = tls.ciphers().get(i);
      if (CipherSuite.named(name) == null) {
        problems.add(
            error(
                path.item(i),
                Quote.of(name)
                    + " is not a cipher suite of TLS 1.2 that there is, expected one such as"
                    + " ECDHE-ECDSA-AES128-GCM-SHA256"
                    + Nearest.suggestion(name, CipherSuite.names())));
      }
    }
  }

  private static void curves(ListenerTls tls, KeyPath path, List<Problem> problems) {
    for (int i = 0; i < tls.curves().size(); i++) {
      String name = tls.curves().get(i);
      if (!CURVES.contains(name)) {
        problems.add(
            error(
                path.item(i),
                Quote.of(name)
                    + " is not a group that there is, expected X25519MLKEM768, X25519, P-256, P-384 or P-521"
                    + Nearest.suggestion(name, CURVES)));
      }
    }
  }

  private interface Step {
    @Nullable Object run() throws TlsException;
  }

  private static void attempt(KeyPath path, List<Problem> problems, Step step) {
    try {
      step.run();
    } catch (TlsException e) {
      problems.add(error(path.key(e.key()), e.text()));
    }
  }

  private static Problem error(KeyPath path, String message) {
    return new Problem(path, false, message);
  }
}
