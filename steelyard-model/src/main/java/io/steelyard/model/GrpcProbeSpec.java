package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Asks a gRPC server how it is. */
@Doc(
    "Calls `grpc.health.v1.Health/Check` over HTTP/2 (with prior knowledge, or by ALPN where it encrypts) and expects"
        + " `SERVING`.")
public record GrpcProbeSpec(
    @Doc("The service that is asked for, such as `shop.Orders`. Empty: the server as a whole.")
        @Default("")
        @Syntax(pattern = "^[!-~]{0,200}$", expected = "a name without spaces")
        String service,
    @Doc("The authority that the request is for (`:authority`). Absent: the endpoint's address.")
        @Syntax(pattern = "^[!-~]{1,200}$", expected = "a host, with or without a port")
        @Nullable String authority,
    @Doc("Encrypts, and checks the certificate.") @Nullable ProbeTls tls)
    implements ProbeSpec {
  public GrpcProbeSpec {
    requireNonNull(service, "service");
  }
}
