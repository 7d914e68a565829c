package io.steelyard.health.probe;

import io.steelyard.model.UdpProbeSpec;

/** A datagram, and its answer or word that nobody listens. */
final class UdpProbe implements Check {
  private final byte[] message;
  private final Expectation expectation;

  UdpProbe(UdpProbeSpec spec) {
    var bytes = Message.bytes(spec.send(), spec.sendHex());
    message = bytes.length == 0 ? new byte[1] : bytes; // Java sends no empty datagrams
    expectation = new Expectation(spec.expect(), spec.expectRegex());
  }

  @Override
  public Passed check(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    try (var wire = DatagramWire.open(target, deadline)) {
      wire.send(message);
      byte[] answer = wire.receive();
      if (expectation.isNone()) {
        return Passed.l4(answer == null ? "no word that nobody listens" : "an answer");
      }
      if (answer == null) {
        throw ProbeFailure.l7("no answer within " + deadline);
      }
      var text = Details.text(answer, 0, answer.length);
      if (!expectation.isMetBy(text)) {
        throw ProbeFailure.content("found " + Details.quote(text) + ", expected " + expectation);
      }
      return Passed.content("found " + expectation);
    }
  }
}
