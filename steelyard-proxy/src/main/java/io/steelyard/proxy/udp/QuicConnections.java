package io.steelyard.proxy.udp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.steelyard.codec.quic.QuicPacket;
import io.steelyard.model.QuicSessions;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one listener by the connection ids that their endpoints chose, over all event
 * loops: a client whose address changes comes to any of them. Thread-safe.
 */
public final class QuicConnections {
  private final Map<Id, UdpSession> sessions = new ConcurrentHashMap<>();

  /** The bit of each length that short headers may have. */
  private final AtomicInteger lengths;

  private final boolean learns;

  public QuicConnections(QuicSessions settings) {
    int fixed = settings.connectionIdLength();
    learns = fixed == 0;
    lengths = new AtomicInteger(learns ? 0 : 1 << fixed);
  }

  /** Bytes that are compared by their content. */
  @SuppressWarnings("ArrayRecordComponent") // compared below
  record Id(byte[] bytes) {
    static Id of(ByteBuf buf, int from, int length) {
      return new Id(ByteBufUtil.getBytes(buf, from, length));
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Id id && Arrays.equals(bytes, id.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }
  }

  /** The endpoint of a session goes by this id from now on; false when another session has it. */
  boolean learn(Id id, UdpSession session) {
    if (learns) {
      lengths.accumulateAndGet(1 << id.bytes().length, (a, b) -> a | b);
    }
    UdpSession owner = sessions.putIfAbsent(id, session);
    return owner == null || owner == session;
  }

  void forget(Id id, UdpSession session) {
    sessions.remove(id, session);
  }

  /** The session that a client's datagram belongs to; null when that is not known. */
  @Nullable UdpSession find(ByteBuf datagram, QuicPacket packet) {
    int from = datagram.readerIndex();
    int to = datagram.writerIndex();
    if (packet.parseLong(datagram, from, to)) {
      return sessions.get(Id.of(datagram, packet.destination(), packet.destinationLength()));
    }
    if (!QuicPacket.isShort(datagram, from, to)) {
      return null;
    }
    for (int left = lengths.get(); left != 0; left &= left - 1) {
      int length = Integer.numberOfTrailingZeros(left);
      if (to - from > length) {
        UdpSession found = sessions.get(Id.of(datagram, from + 1, length));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** How many ids are known. */
  int size() {
    return sessions.size();
  }
}
