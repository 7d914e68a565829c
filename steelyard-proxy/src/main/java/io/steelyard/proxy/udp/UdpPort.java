package io.steelyard.proxy.udp;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.steelyard.codec.quic.QuicPacket;
import io.steelyard.proxy.listen.ServiceLoop;
import io.steelyard.proxy.stats.ListenerStats;
import io.steelyard.proxy.stats.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One port of a UDP listener, on one event loop: the socket that receives what clients send there
 * and sends them all answers, and their sessions. Belongs to its loop.
 */
final class UdpPort extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(UdpPort.class);

  /** More answers than that do not wait for the end of the event loop's turn. */
  private static final int MOST_UNFLUSHED = 64;

  private final UdpService service;
  private final ServiceLoop loop;
  private final ListenerStats stats;
  private final int index;
  private final @Nullable QuicConnections quic;
  private final QuicPacket packet = new QuicPacket();
  private final Map<InetSocketAddress, UdpSession> sessions = new HashMap<>();

  /** Those with datagrams for their endpoints. */
  private final ArrayList<UdpSession> asking = new ArrayList<>();

  private @Nullable Channel channel;
  private boolean receiving;
  private int unflushed;

  /**
   * @param index among the listener's ports
   */
  UdpPort(UdpService service, int index) {
    this.service = service;
    this.loop = service.loop();
    this.stats = service.stats();
    this.index = index;
    this.quic = service.quic();
  }

  /** Which of the listener's ports, from 0. */
  int index() {
    return index;
  }

  InetSocketAddress localAddress() {
    return (InetSocketAddress) requireNonNull(channel, "channel").localAddress();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    loop.readClock();
    receiving = true;
    DatagramPacket datagram = (DatagramPacket) message;
    ByteBuf content = datagram.content();
    if (content.readableBytes() > service.largest()) {
      stats.malformed.increment(); // the rest of it is lost
      content.release();
    } else {
      received(datagram.sender(), content);
    }
  }

  /** Takes over {@code content}. */
  private void received(InetSocketAddress client, ByteBuf content) {
    stats.bytesIn.add(content.readableBytes());
    UdpSession session = sessions.get(client);
    if (session == null && quic != null) {
      UdpSession moved = quic.find(content, packet);
      if (moved != null) {
        moved.clientMoved(client, content);
        return;
      }
    }
    if (session == null) {
      session = service.begin(this, client, content);
      if (session == null) {
        content.release();
        return;
      }
      sessions.put(client, session);
    }
    session.ask(content);
  }

  /** All that came at a time goes on at a time: a session may have several of it. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    receiving = false;
    for (int i = 0; i < asking.size(); i++) {
      asking.get(i).flush();
    }
    asking.clear();
  }

  /** The session has something for its endpoint, and maybe more to come. */
  void flushLater(UdpSession session) {
    if (receiving) {
      asking.add(session);
    } else {
      session.flush();
    }
  }

  /** Takes over {@code content}. */
  void answer(InetSocketAddress client, ByteBuf content) {
    Channel out = channel;
    if (out == null || !out.isActive()) {
      content.release();
      return;
    }
    stats.bytesOut.add(content.readableBytes());
    out.write(new DatagramPacket(content, client), out.voidPromise());
    if (unflushed++ == 0) {
      loop.loop().execute(this::flush);
    } else if (unflushed >= MOST_UNFLUSHED) {
      out.flush();
    }
  }

  /** Once for all answers of the event loop's turn. */
  private void flush() {
    unflushed = 0;
    Channel out = channel;
    if (out != null) {
      out.flush();
    }
  }

  /** The client's next datagram finds no session; false when it would not have found this one. */
  boolean forget(UdpSession session) {
    return sessions.remove(session.client(), session);
  }

  /** The session's client is found at another address from now on. */
  void move(UdpSession session, InetSocketAddress from, InetSocketAddress to) {
    if (sessions.remove(from, session)) {
      sessions.putIfAbsent(to, session);
    }
  }

  void closeAll() {
    List.copyOf(sessions.values()).forEach(session -> session.end(Reason.SHUTDOWN));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A client that is not there any more, or an answer that no route leads to: nobody's failure.
    if (!(cause instanceof IOException)) {
      LOG.error("A datagram of listener {} was lost: a mistake of ours", service.name(), cause);
    }
  }
}
