package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.steelyard.net.Reading;
import io.steelyard.net.Resets;
import io.steelyard.net.TimerWheel;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.net.Unsent;
import io.steelyard.net.tls.Ending;
import io.steelyard.proxy.relay.RelayEnd;
import io.steelyard.proxy.stats.Reason;

/**
 * A stream of a client's HTTP/2 connection that has become a tunnel (RFC 8441), and the endpoint's
 * connection at its other end: bytes are passed on both ways, unread.
 *
 * <pre>
 *   client ── DATA ──► endpoint     the end of the stream ends the connection's output, and the other way round
 *   client ◄── DATA ── endpoint     whoever does not take its bytes stops the reading of the other
 *
 *   both have ended: closed.  one broke (RST_STREAM, reset): so does the other.  nothing moved for too long: both
 * </pre>
 *
 * <p>Belongs to the event loop of both.
 */
final class Http2Tunnel implements RelayEnd {
  private final Http2ClientStream client;
  private final Http1EndpointConnection endpoint;
  private final Channel channel;
  private final Exchange exchange;
  private final TimerWheel timers;
  private final Timeout idle = new Idle();
  private long unsent;
  private int window;
  private boolean clientEnded;
  private boolean endpointEnded;
  private boolean ended;

  Http2Tunnel(
      Http2ClientStream client,
      Http1EndpointConnection endpoint,
      Exchange exchange,
      TimerWheel timers) {
    this.client = client;
    this.endpoint = endpoint;
    this.channel = endpoint.channel();
    this.exchange = exchange;
    this.timers = timers;
    moved();
  }

  private void moved() {
    unsent = Unsent.bytes(channel);
    window = client.windowSize();
    timers.arm(idle, timers.nanoTime() + endpoint.tunnelNanos());
  }

  // ---- from the client ----

  /** The client sent {@code buf}, which is taken over. */
  void fromClient(ByteBuf buf) {
    if (ended) {
      buf.release();
      return;
    }
    endpoint.bytesSent().add(buf.readableBytes());
    channel.write(buf, channel.voidPromise());
    moved();
  }

  /** What the client had sent so far has been read. */
  void clientFlush() {
    if (!ended) {
      channel.flush();
    }
  }

  /** Does the endpoint take what the client sends? When it does again, the stream is resumed. */
  boolean isEndpointReady() {
    return ended || channel.isWritable();
  }

  /** The client will send no more. */
  void clientEnded() {
    if (ended || clientEnded) {
      return;
    }
    clientEnded = true;
    if (endpointEnded) {
      finish();
    } else {
      Ending.output(channel, () -> {});
    }
  }

  /** The client takes bytes again. */
  void clientReady() {
    if (!ended && client.isReady()) {
      Reading.set(channel, true);
      moved();
    }
  }

  /** The client has reset the stream, or its connection is gone. */
  void clientGone(Reason reason) {
    if (!ended) {
      Resets.close(channel);
      end(reason);
    }
  }

  // ---- from the endpoint ----

  @Override
  public void read(ByteBuf buf) {
    if (ended) {
      buf.release();
    } else {
      client.data(buf, false);
    }
  }

  @Override
  public void readComplete() {
    if (ended) {
      return;
    }
    client.flush();
    if (!client.isReady()) {
      Reading.set(channel, false);
    }
    moved();
  }

  @Override
  public void writabilityChanged() {
    if (!ended && channel.isWritable()) {
      client.resumeRequest();
      moved();
    }
  }

  @Override
  public void inputEnded() {
    if (ended || endpointEnded) {
      return;
    }
    endpointEnded = true;
    client.data(Unpooled.EMPTY_BUFFER, true);
    client.flush();
    if (clientEnded) {
      finish();
    } else {
      moved();
    }
  }

  @Override
  public void closed() {
    if (ended) {
      return;
    }
    end(Reason.NONE);
    if (endpointEnded) {
      client.answered();
    } else {
      client.cut();
    }
  }

  // ---- the end ----

  private void finish() {
    if (channel.isActive()) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.close());
    }
    end(Reason.NONE);
    client.answered();
  }

  private void idleExpired() {
    if (Unsent.bytes(channel) < unsent || client.windowSize() != window) {
      moved(); // to somebody slow
      return;
    }
    channel.close();
    end(Reason.IDLE_TIMEOUT);
    client.cut();
  }

  private void end(Reason reason) {
    ended = true;
    timers.cancel(idle);
    exchange.tunnelEnded(reason);
  }

  private final class Idle extends Timeout {
    @Override
    protected void expired() {
      idleExpired();
    }
  }
}
