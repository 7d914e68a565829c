package io.steelyard.balance.balancer;

/** Programs that place keys in ways of their own, which can be had here alike. */
enum Like {
  /** HAProxy 2.6: {@code balance source|uri|url_param|hdr|rdp-cookie|hash}. */
  HAPROXY,
  /** LVS of Linux 6: {@code sh} and {@code dh}; for addresses only. */
  LVS,
  /** nginx 1.22: {@code hash}, and {@code ip_hash} for source-hash. */
  NGINX,
  /** twemproxy 0.5.0: {@code modula} and {@code ketama}. */
  TWEMPROXY
}
