package io.steelyard.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The condition of a route. All that is given must hold.
 *
 * @param host kept in lower case, as host names do not distinguish
 * @param sni likewise
 * @param dnsName likewise
 */
@Doc("The condition of a route. All that is given must hold.")
public record Match(
    @Doc(
            "The host that the request asks for, without a port: a name such as `api.example.com`, or `*.example.com` for"
                + " every name below `example.com` (not `example.com` itself). Upper and lower case are the same.")
        @Syntax(
            pattern =
                "^((\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]{0,250}[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]+\\])$",
            expected = "a host without a port, or *. and a host")
        @Nullable String host,
    @Doc("The start of the request's path, such as `/v1/`. Upper and lower case differ.")
        @Syntax(
            pattern = "^/[!-\"$->@-~]*$",
            expected = "a path that starts with / and has no space, ? or #")
        @Nullable String pathPrefix,
    @Doc("The network that a TCP client comes from: `10.0.0.0/8`.") @Nullable Cidr source,
    @Doc(
            "The server that a TLS client of a TCP listener asks for (SNI), read without ending TLS: a name, or `*.example.com` for"
                + " every name below `example.com`.")
        @Syntax(
            pattern = "^(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]{0,250}[A-Za-z0-9_])?$",
            expected = "a name, or *. and a name")
        @Nullable String sni,
    @Doc(
            "A protocol that a TLS client of a TCP listener offers (ALPN), such as `h2`. Where the listener ends TLS: the one that was agreed on.")
        @Syntax(pattern = "^[!-~]{1,255}$", expected = "the name of a protocol, such as h2")
        @Nullable String alpn,
    @Doc(
            "What a TCP client sends first, such as `SSH-`. `\\xHH` is a byte in hexadecimal, `\\\\` is a backslash.")
        @Syntax(
            pattern = "^([ -\\[\\]-~]|\\\\\\\\|\\\\x[0-9A-Fa-f]{2}){1,256}$",
            expected = "printable ASCII characters, \\xHH or \\\\")
        @Nullable String firstBytes,
    @Doc(
            "A regular expression (RE2) that holds within the first 4 KiB that a TCP client sends, each byte taken for the character of"
                + " its number (Latin-1): `^[A-Z]+ /api/`.")
        @NotEmpty
        @Nullable String firstBytesPattern,
    @Doc(
            "The name that a DNS query to a UDP listener asks for: a name such as `example.com`, or `*.example.com` for every name below `example.com`.")
        @Syntax(
            pattern = "^(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]{0,250}[A-Za-z0-9_])?$",
            expected = "a name, or *. and a name")
        @Nullable String dnsName,
    @Doc("The type of record that it asks for: `A`, `AAAA`, `MX` …, or `TYPE` and a number.")
        @Syntax(
            pattern =
                "^(A|AAAA|ANY|AXFR|CAA|CNAME|DNSKEY|DS|HTTPS|IXFR|MX|NAPTR|NS|PTR|SOA|SRV|SVCB|TLSA|TXT|TYPE[0-9]{1,5})$",
            expected = "a type of record such as A, AAAA or TYPE65")
        @Nullable String dnsType) {
  public Match {
    host = host == null ? null : host.toLowerCase(Locale.ROOT);
    sni = sni == null ? null : sni.toLowerCase(Locale.ROOT);
    dnsName = dnsName == null ? null : dnsName.toLowerCase(Locale.ROOT);
  }

  /** A condition of HTTP requests. */
  public Match(@Nullable String host, @Nullable String pathPrefix) {
    this(host, pathPrefix, null, null, null, null, null, null, null);
  }

  /** A condition of TCP connections. */
  public static Match tcp(
      @Nullable Cidr source,
      @Nullable String sni,
      @Nullable String alpn,
      @Nullable String firstBytes) {
    return new Match(null, null, source, sni, alpn, firstBytes, null, null, null);
  }

  /** A condition of what TCP clients send first. */
  public static Match pattern(String firstBytesPattern) {
    return new Match(null, null, null, null, null, null, firstBytesPattern, null, null);
  }

  /** A condition of DNS queries. */
  public static Match dns(
      @Nullable Cidr source, @Nullable String dnsName, @Nullable String dnsType) {
    return new Match(null, null, source, null, null, null, null, dnsName, dnsType);
  }

  /** Whether it needs to see the question of a DNS query. */
  public boolean looksAtQueries() {
    return dnsName != null || dnsType != null;
  }

  /** Whether it needs to see what a TCP client sends. */
  public boolean looksAtBytes() {
    return sni != null || alpn != null || firstBytes != null || firstBytesPattern != null;
  }
}
