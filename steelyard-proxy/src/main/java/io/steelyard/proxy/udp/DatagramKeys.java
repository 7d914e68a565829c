package io.steelyard.proxy.udp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.steelyard.codec.dns.DnsQuestion;
import io.steelyard.codec.radius.RadiusRequest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a balancer chooses by, as datagrams of some protocols show it. Stateless. */
final class DatagramKeys {
  private DatagramKeys() {}

  /** The name that a DNS query asks for; null when this is none. */
  static byte @Nullable [] dnsName(ByteBuf datagram) {
    DnsQuestion question = new DnsQuestion();
    return question.parse(datagram, datagram.readerIndex(), datagram.writerIndex())
        ? question.name().getBytes(StandardCharsets.ISO_8859_1)
        : null;
  }

  /** An attribute of a RADIUS request; null when there is none. */
  static byte @Nullable [] radius(ByteBuf datagram, int type) {
    long found = RadiusRequest.find(datagram, datagram.readerIndex(), datagram.writerIndex(), type);
    return found == RadiusRequest.NONE
        ? null
        : ByteBufUtil.getBytes(datagram, (int) (found >>> 32), (int) found);
  }
}
