package io.steelyard.net.tls;

import io.steelyard.model.CertificateSpec;
import io.steelyard.model.ListenerTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is stapled to a listener's certificates (RFC 6066 section 8): responses from files,
 * and those of the responders that certificates name. One thread at a time for each of the two;
 * handshakes read what is put into the entries.
 */
final class Staples {
  private static final Logger LOG = LoggerFactory.getLogger(Staples.class);
  private static final Duration ANSWER_TIME = Duration.ofSeconds(10);
  private static final Duration SOONEST = Duration.ofMinutes(5);
  private static final Duration LATEST = Duration.ofHours(12);
  private static final long MOST_BYTES = 64 * 1024;
  private static final int OK = 200;

  private final String listener;
  private final AtomicLong failures = new AtomicLong();

  /** The files as they were read last. */
  private final Map<CertificateEntry, String> stamps = new WeakHashMap<>();

  /** When responders are to be asked again. */
  private final Map<CertificateEntry, Instant> dues = new WeakHashMap<>();

  Staples(String listener) {
    this.listener = listener;
  }

  static boolean isWanted(ListenerTls settings) {
    return settings.ocspFetch()
        || settings.certificates().stream().anyMatch(spec -> spec.ocsp() != null);
  }

  /** How often a response could not be had or used. Any thread. */
  long failures() {
    return failures.get();
  }

  /** Asks responders whose time has come about the certificates that have no file. */
  void fetch(List<CertificateEntry> entries) {
    entries.stream().filter(entry -> entry.spec().ocsp() == null).forEach(this::refreshFetched);
  }

  /** Reads files that have changed. */
  void readFiles(List<CertificateEntry> entries) {
    for (CertificateEntry entry : entries) {
      String file = entry.spec().ocsp();
      if (file != null) {
        refreshFile(entry, file);
      }
    }
  }

  private void failed(CertificateEntry entry, String message) {
    failures.incrementAndGet();
    LOG.warn(
        "Listener {}: no new response is stapled to the certificate in {}: {}",
        listener,
        entry.spec().certificate(),
        message);
  }

  // ---- files ----

  private void refreshFile(CertificateEntry entry, String file) {
    String stamp = FileStamp.of(Path.of(file));
    if (stamp.equals(stamps.put(entry, stamp))) {
      return;
    }
    try {
      OcspResponse response = read(entry.spec(), entry.chain());
      if (response.isCurrent(Instant.now())) {
        entry.staple(response);
      } else {
        failed(entry, stale(file, response));
      }
    } catch (TlsException e) {
      failed(entry, e.text());
    }
  }

  private static String stale(String file, OcspResponse response) {
    return file + " was to be replaced by " + response.nextUpdate();
  }

  /**
   * Why the file's response is not stapled now, though it may be one; null when it is.
   *
   * @throws TlsException when it can never be
   */
  static @Nullable String doubt(CertificateSpec spec) throws TlsException {
    OcspResponse response = read(spec, KeyedChain.read(spec));
    return response.isCurrent(Instant.now()) ? null : stale(String.valueOf(spec.ocsp()), response);
  }

  /** The response in the file. One that is not current any more is not looked at further. */
  private static OcspResponse read(CertificateSpec spec, KeyedChain chain) throws TlsException {
    String file = String.valueOf(spec.ocsp());
    byte[] bytes = TextFiles.read("ocsp", file);
    X509Certificate issuer = chain.issuer();
    if (issuer == null) {
      throw new TlsException(
          "ocsp",
          spec.certificate()
              + " has the certificate alone, expected its issuer's after it, to verify "
              + file
              + " by");
    }
    try {
      OcspResponse response = OcspResponse.of(bytes);
      if (response.isCurrent(Instant.now())) {
        response.requireFor(chain.leaf(), issuer);
      }
      return response;
    } catch (OcspResponse.UnusableException e) {
      throw new TlsException("ocsp", file + ' ' + e.getMessage(), e);
    }
  }

  // ---- responders ----

  private void refreshFetched(CertificateEntry entry) {
    Instant now = Instant.now();
    if (dues.getOrDefault(entry, Instant.MIN).isAfter(now)) {
      return;
    }
    dues.put(entry, now.plus(SOONEST));
    try {
      KeyedChain chain = entry.chain();
      URI responder = OcspRequest.responder(chain.leaf());
      X509Certificate issuer = chain.issuer();
      if (responder == null || issuer == null) {
        dues.put(entry, Instant.MAX);
        LOG.warn("Listener {}: {}", listener, unanswerable(entry.spec(), responder));
        return;
      }
      OcspResponse response = fetch(responder, chain.leaf(), issuer);
      entry.staple(response);
      dues.put(entry, next(now, response));
    } catch (TlsException e) {
      failed(entry, e.text());
    } catch (OcspResponse.UnusableException | IOException e) {
      failed(entry, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** Why nobody is asked about a certificate; null when somebody is. */
  static @Nullable String unanswerable(CertificateSpec spec) throws TlsException {
    KeyedChain chain = KeyedChain.read(spec);
    URI responder = OcspRequest.responder(chain.leaf());
    return responder == null || chain.issuer() == null ? unanswerable(spec, responder) : null;
  }

  private static String unanswerable(CertificateSpec spec, @Nullable URI responder) {
    return "nothing is stapled to the certificate in "
        + spec.certificate()
        + (responder == null
            ? ", which names no OCSP responder"
            : ", for its issuer's does not follow it");
  }

  private static OcspResponse fetch(
      URI responder, X509Certificate certificate, X509Certificate issuer)
      throws IOException, InterruptedException, OcspResponse.UnusableException {
    HttpRequest request =
        HttpRequest.newBuilder(responder)
            .header("Content-Type", "application/ocsp-request")
            .timeout(ANSWER_TIME)
            .POST(BodyPublishers.ofByteArray(OcspRequest.of(certificate, issuer)))
            .build();
    HttpResponse<byte[]> answer = ask(request);
    if (answer.statusCode() != OK) {
      throw new IOException(responder + " answered " + answer.statusCode() + ", expected 200");
    }
    return requireGood(responder, answer.body(), certificate, issuer);
  }

  private static HttpResponse<byte[]> ask(HttpRequest request)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(ANSWER_TIME).build()) {
      return client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    } catch (IOException e) {
      throw new IOException(request.uri() + " did not answer: " + e, e);
    }
  }

  private static OcspResponse requireGood(
      URI responder, byte[] body, X509Certificate certificate, X509Certificate issuer)
      throws OcspResponse.UnusableException {
    try {
      OcspResponse response = OcspResponse.of(body);
      response.requireFor(certificate, issuer);
      return response;
    } catch (OcspResponse.UnusableException e) {
      throw new OcspResponse.UnusableException(
          "what " + responder + " answers " + e.getMessage(), e);
    }
  }

  /** Well before the response ends, so that a responder may be away for a while. */
  private static Instant next(Instant now, OcspResponse response) {
    Instant end = response.nextUpdate();
    Duration half = end == null ? SOONEST : Duration.between(now, end).dividedBy(2);
    Duration wait = half.compareTo(LATEST) > 0 ? LATEST : half;
    return now.plus(wait.compareTo(SOONEST) < 0 ? SOONEST : wait);
  }
}
