package io.steelyard.health.probe;

import io.steelyard.balance.health.Layer;
import io.steelyard.model.TcpProbeSpec;
import org.jspecify.annotations.Nullable;

/** Connects; by option sends something and waits for an answer. */
final class TcpProbe implements Check {
  private final @Nullable Tls tls;
  private final byte[] message;
  private final Expectation expectation;

  TcpProbe(TcpProbeSpec spec) {
    tls = Tls.of(spec.tls());
    message = Message.bytes(spec.send(), spec.sendHex());
    expectation = new Expectation(spec.expect(), spec.expectRegex());
  }

  @Override
  public Passed check(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    try (var wire = Wire.open(target, tls, deadline)) {
      if (message.length > 0) {
        wire.send(message);
      }
      if (!expectation.isNone()) {
        return await(wire);
      }
      if (message.length == 0 && tls == null) {
        wire.reset();
      }
      return new Passed(tls == null ? Layer.L4 : Layer.TLS, "connected");
    }
  }

  @Override
  public boolean onlyConnects() {
    return message.length == 0 && expectation.isNone() && tls == null;
  }

  private Passed await(Wire wire) throws ProbeFailure, InterruptedException {
    while (!expectation.isMetBy(wire.unread())) {
      if (!wire.more()) {
        throw ProbeFailure.content(
            "found " + Details.quote(wire.unread()) + ", expected " + expectation);
      }
    }
    return Passed.content("found " + expectation);
  }
}
