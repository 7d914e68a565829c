package io.steelyard.model;

import java.util.List;

/** Whose PROXY protocol headers a listener takes. */
@Doc("Whose PROXY protocol headers a listener takes.")
public record ProxyProtocolSpec(
    @Doc(
            "The networks of the proxies in front. A connection from there has to begin with a header; from elsewhere it begins with the"
                + " client's own bytes, and nobody can claim to be somebody else.")
        @NotEmpty
        List<Cidr> trusted) {
  public ProxyProtocolSpec {
    trusted = List.copyOf(trusted);
  }
}
