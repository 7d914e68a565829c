package io.steelyard.net.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.steelyard.model.CertificateSpec;
import io.steelyard.model.ListenerTls;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of one listener, shared by its event loops: makes a handler for each connection, and
 * follows its files, so that what changes there counts from the next handshake on. Connections that
 * are open are not touched. Thread-safe.
 */
public final class ServerTls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
  private static final Duration WARN_AGAIN = Duration.ofHours(24);

  private final String listener;
  private final ListenerTls settings;
  private final CertificateReader reader;
  private final AtomicInteger aliases = new AtomicInteger();
  private final AtomicLong failedReloads = new AtomicLong();
  private final SslContext context;
  private final TicketKeys tickets;
  private final Staples staples;
  private final @Nullable SNIMatcher knownNames;
  private final Thread watch;
  private final Thread fetch;
  private volatile CertificateTable table;
  private Instant warned = Instant.MIN;

  private ServerTls(
      String listener, ListenerTls settings, List<String> protocols, CertificateReader reader)
      throws TlsException {
    this.listener = listener;
    this.settings = settings;
    this.reader = reader;
    this.table = new CertificateTable(readAll(settings.certificates()));
    NamedKeyManager keys = new NamedKeyManager(() -> table);
    this.context = Engines.server(settings, keys, settings.certificates().size(), protocols);
    this.tickets = new TicketKeys(settings.tickets());
    this.staples = new Staples(listener);
    this.knownNames =
        settings.unknownName() == ListenerTls.UnknownName.REFUSE ? new KnownNames() : null;
    setUpTickets();
    warnOfExpiry();
    this.watch = Thread.ofVirtual().name("steelyard-tls-" + listener).unstarted(this::watch);
    this.fetch = Thread.ofVirtual().name("steelyard-ocsp-" + listener).unstarted(this::fetch);
  }

  /**
   * Reads all files that {@code reader} has not read yet.
   *
   * @param listener its name, for messages
   * @param protocols what ALPN offers, the preferred first; empty: none
   * @throws TlsException when something cannot be used
   */
  public static ServerTls open(
      String listener, ListenerTls settings, List<String> protocols, CertificateReader reader)
      throws TlsException {
    ServerTls tls = new ServerTls(listener, settings, protocols, reader);
    tls.staples.readFiles(tls.table.entries());
    if (!settings.checkInterval().isZero()) {
      tls.watch.start();
      if (settings.ocspFetch()) {
        tls.fetch.start();
      }
    }
    return tls;
  }

  /** What speaks TLS on a new connection. It knows no time limits: its owner does. */
  public SslHandler newHandler(ByteBufAllocator allocator) {
    SslHandler handler = context.newHandler(allocator);
    handler.setHandshakeTimeoutMillis(0);
    if (knownNames != null) {
      SSLParameters parameters = handler.engine().getSSLParameters();
      parameters.setSNIMatchers(List.of(knownNames));
      handler.engine().setSSLParameters(parameters);
    }
    return handler;
  }

  public ListenerTls settings() {
    return settings;
  }

  /** When each certificate expires, by its file. */
  public List<CertificateReport> certificates() {
    return table.entries().stream()
        .map(entry ->
            new CertificateReport(
                entry.spec().certificate(),
                entry.names().isEmpty() ? "" : entry.names().getFirst(),
                entry.notAfter()))
        .toList();
  }

  /** How often changed files could not be used, so that the old ones stayed. */
  public long failedReloads() {
    return failedReloads.get();
  }

  /** How many certificates go out with a current response of their issuer. */
  public long stapled() {
    return table.entries().stream().filter(entry -> entry.staple() != null).count();
  }

  /** How often a response to staple could not be had or used. */
  public long failedStaples() {
    return staples.failures();
  }

  /** Handshakes that went on from a ticket; 0 where the JDK's engine does not tell. */
  public long resumed() {
    if (!(context.sessionContext() instanceof OpenSslSessionContext sessions)) {
      return 0;
    }
    return sessions.stats().ticketKeyResume() + sessions.stats().ticketKeyRenew();
  }

  private List<CertificateEntry> readAll(List<CertificateSpec> specs) throws TlsException {
    // Thousands are read by all processors, and the first mistake is told as it is.
    List<Object> read;
    try (EngineProof proof = EngineProof.open()) {
      read =
          IntStream.range(0, specs.size())
              .parallel()
              .mapToObj(i -> readOne(specs.get(i), i, proof))
              .toList();
    }
    List<CertificateEntry> entries = new ArrayList<>(read.size());
    for (Object one : read) {
      switch (one) {
        case CertificateEntry entry -> entries.add(entry);
        case TlsException e -> throw e;
        default -> throw new IllegalStateException(one.toString());
      }
    }
    return entries;
  }

  private Object readOne(CertificateSpec spec, int index, EngineProof proof) {
    try {
      return new CertificateEntry(spec, nextAlias(), reader.take(spec, proof));
    } catch (TlsException e) {
      return new TlsException("certificates[" + index + "]." + e.key(), e.text(), e);
    }
  }

  private String nextAlias() {
    return Integer.toString(aliases.incrementAndGet());
  }

  private void setUpTickets() throws TlsException {
    if (!(context.sessionContext() instanceof OpenSslSessionContext sessions)) {
      return; // the JDK makes and changes its keys itself
    }
    sessions.setSessionCacheEnabled(false); // tickets do it, without memory
    if (settings.tickets().enabled()) {
      try {
        tickets.refresh(System.nanoTime());
      } catch (TlsException e) {
        throw new TlsException("tickets." + e.key(), e.text(), e);
      }
      sessions.setTicketKeys(tickets.forEngine());
    }
  }

  // ---- what changes ----

  private void watch() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(settings.checkInterval());
        refresh();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** Responders take their time, or do not answer: what is done with files does not wait. */
  private void fetch() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        staples.fetch(table.entries());
        Thread.sleep(settings.checkInterval());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** Looks at the files now. One thread at a time. */
  public synchronized void refresh() {
    refreshCertificates();
    refreshTickets();
    staples.readFiles(table.entries());
    warnOfExpiry();
  }

  private void refreshCertificates() {
    List<CertificateEntry> before = table.entries();
    List<CertificateEntry> after = new ArrayList<>(before.size());
    boolean changed = false;
    for (CertificateEntry entry : before) {
      CertificateEntry fresh = entry.isStale() ? reread(entry) : entry;
      after.add(fresh);
      changed |= fresh != entry;
    }
    if (changed) {
      table = new CertificateTable(after);
      warned = Instant.MIN;
    }
  }

  private CertificateEntry reread(CertificateEntry entry) {
    try (EngineProof proof = EngineProof.open()) {
      CertificateEntry fresh =
          new CertificateEntry(entry.spec(), nextAlias(), reader.take(entry.spec(), proof));
      if (fresh.notAfter().isBefore(Instant.now())) {
        throw new TlsException("", entry.spec().certificate() + " expired at " + fresh.notAfter());
      }
      LOG.info(
          "Listener {}: the certificate in {} is new, and expires at {}",
          listener,
          entry.spec().certificate(),
          fresh.notAfter());
      return fresh;
    } catch (TlsException e) {
      // A file may be half written: the next look will tell.
      failedReloads.incrementAndGet();
      LOG.warn("Listener {}: the old certificate stays in use: {}", listener, e.getMessage());
      return entry;
    }
  }

  private void refreshTickets() {
    try {
      if (settings.tickets().enabled()
          && context.sessionContext() instanceof OpenSslSessionContext sessions
          && tickets.refresh(System.nanoTime())) {
        sessions.setTicketKeys(tickets.forEngine());
      }
    } catch (TlsException e) {
      failedReloads.incrementAndGet();
      LOG.warn("Listener {}: the old ticket keys stay in use: {}", listener, e.getMessage());
    }
  }

  private void warnOfExpiry() {
    Instant now = Instant.now();
    if (warned.plus(WARN_AGAIN).isAfter(now)) {
      return;
    }
    for (CertificateEntry entry : table.entries()) {
      if (entry.notAfter().minus(settings.expiryWarning()).isBefore(now)) {
        warned = now;
        LOG.warn(
            "Listener {}: the certificate in {} expires at {}",
            listener,
            entry.spec().certificate(),
            entry.notAfter());
      }
    }
  }

  /** Stops following the files. Open connections go on. */
  @Override
  public void close() {
    watch.interrupt();
    fetch.interrupt();
    ReferenceCountUtil.release(context);
  }

  /** Lets only names pass that a certificate is for. */
  private final class KnownNames extends SNIMatcher {
    KnownNames() {
      super(StandardConstants.SNI_HOST_NAME);
    }

    @Override
    public boolean matches(SNIServerName name) {
      String text = new String(name.getEncoded(), java.nio.charset.StandardCharsets.US_ASCII);
      return table.find(text) != null;
    }
  }
}
