package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a listener encrypts. */
@Doc("How a listener encrypts: TLS 1.2 and 1.3, a certificate for each name.")
public record ListenerTls(
    @Doc(
            "The certificates. Which one a client gets depends on the name that it asks for (SNI) and on what it understands:"
                + " an elliptic-curve certificate before an RSA one for the same name. The first is the default.")
        @NotEmpty
        List<CertificateSpec> certificates,
    @Doc(
            "What is spoken, as in Mozilla's recommendations: `modern` is TLS 1.3 alone, `intermediate` TLS 1.2 too with"
                + " forward secrecy and authenticated encryption.")
        @Default("intermediate")
        Profile profile,
    @Doc(
            "The cipher suites of TLS 1.2, by their names in OpenSSL or IANA's registry, the preferred first. Empty: those of"
                + " the profile. Those of TLS 1.3 are fixed.")
        @Default("[]")
        List<String> ciphers,
    @Doc(
            "The groups of the key exchange, the preferred first: `X25519MLKEM768`, `X25519`, `P-256`, `P-384`, `P-521`. Empty:"
                + " those of the profile.")
        @Default("[]")
        List<String> curves,
    @Doc(
            "What a client gets that asks for a name which no certificate is for: the `default` certificate, or a handshake"
                + " that fails (`refuse`). A client that names nothing gets the default certificate either way.")
        @Default("default")
        UnknownName unknownName,
    @Doc("How long a handshake may take.") @Default("10s") @Range(min = "1ms", max = "1h")
        Duration handshakeTimeout,
    @Doc("How sessions are resumed without a whole handshake.") @Default("{}") TlsTickets tickets,
    @Doc("Certificates of clients. Absent: none is asked for.") @Nullable ClientCertificates client,
    @Doc(
            "Whether the OCSP responders that the certificates name are asked about them, and their responses stapled; those"
                + " with `ocsp` have theirs.")
        @Default("false")
        boolean ocspFetch,
    @Doc(
            "How often the files are looked at; those that have changed are used from the next handshake on. 0s: never.")
        @Default("10s")
        @Range(min = "0s", max = "24h")
        Duration checkInterval,
    @Doc("How long before a certificate expires its warnings begin.")
        @Default("336h")
        @Range(min = "0s", max = "8760h")
        Duration expiryWarning) {
  /** Which versions, cipher suites and groups are spoken. */
  public enum Profile {
    /** TLS 1.3 alone. */
    MODERN,
    /** TLS 1.2 with forward secrecy, and TLS 1.3. */
    INTERMEDIATE
  }

  /** What becomes of a client that asks for a name without a certificate. */
  public enum UnknownName {
    /** It gets the first certificate. */
    DEFAULT,
    /** Its handshake fails. */
    REFUSE
  }

  public ListenerTls {
    certificates = List.copyOf(certificates);
    requireNonNull(profile, "profile");
    ciphers = List.copyOf(ciphers);
    curves = List.copyOf(curves);
    requireNonNull(unknownName, "unknownName");
    requireNonNull(handshakeTimeout, "handshakeTimeout");
    requireNonNull(tickets, "tickets");
    requireNonNull(checkInterval, "checkInterval");
    requireNonNull(expiryWarning, "expiryWarning");
  }

  /** These certificates, all else at its default. */
  public static ListenerTls of(List<CertificateSpec> certificates) {
    return new ListenerTls(
        certificates,
        Profile.INTERMEDIATE,
        List.of(),
        List.of(),
        UnknownName.DEFAULT,
        Shape.of(ListenerTls.class).<Duration>defaultOf("handshakeTimeout"),
        TlsTickets.defaults(),
        null,
        false,
        Shape.of(ListenerTls.class).<Duration>defaultOf("checkInterval"),
        Shape.of(ListenerTls.class).<Duration>defaultOf("expiryWarning"));
  }

  /** The same with something else for names without a certificate. */
  public ListenerTls withUnknownName(UnknownName value) {
    return with("unknownName", value);
  }

  /** The same with other cipher suites of TLS 1.2. */
  public ListenerTls withCiphers(List<String> value) {
    return with("ciphers", value);
  }

  /** The same with other groups. */
  public ListenerTls withCurves(List<String> value) {
    return with("curves", value);
  }

  /** The same with another time for handshakes. */
  public ListenerTls withHandshakeTimeout(Duration value) {
    return with("handshakeTimeout", value);
  }

  /** The same with other tickets. */
  public ListenerTls withTickets(TlsTickets value) {
    return with("tickets", value);
  }

  /** The same with certificates of clients. */
  public ListenerTls withClient(@Nullable ClientCertificates value) {
    return with("client", value);
  }

  /** The same with responders asked, or not. */
  public ListenerTls withOcspFetch(boolean value) {
    return with("ocspFetch", value);
  }

  /** The same with another time between looks at the files. */
  public ListenerTls withCheckInterval(Duration value) {
    return with("checkInterval", value);
  }

  private ListenerTls with(String component, @Nullable Object value) {
    return Shape.of(ListenerTls.class).with(this, component, value);
  }
}
