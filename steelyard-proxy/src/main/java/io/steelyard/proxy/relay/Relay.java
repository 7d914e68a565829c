package io.steelyard.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.steelyard.net.Reading;
import io.steelyard.net.Resets;
import io.steelyard.net.TimerWheel;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.net.Unsent;
import io.steelyard.net.tls.Ending;
import io.steelyard.proxy.stats.Counter;
import org.jspecify.annotations.Nullable;

/**
 * Two connections whose bytes are passed on both ways, unread, until both directions have ended or
 * nothing has moved for too long.
 *
 * <pre>
 *   client ──► Side ──► endpoint      a side that ends its output ends the other's input: half-close passes through
 *   client ◄── Side ◄── endpoint      a side that does not take its bytes stops the reading of the other
 *
 *            both inputs ended, or one side closed          all is sent
 *   RELAYING ─────────────────────────────────────► ENDING ─────────────► closed
 *      │                                              │                     ▲
 *      └──────────────────────────────────────────────┴─────────────────────┘
 *                  nothing moved for too long: what is not sent is dropped
 *                  one side broke: the other is reset, once all is sent
 * </pre>
 *
 * <p>The owners of the two channels hand in what happens to them through their {@link Side}.
 * Belongs to one event loop, on which both channels are.
 */
public final class Relay {
  /** Told once, when both connections are closed or being closed. */
  public interface Listener {
    /**
     * No more bytes will be passed on; the counts are final.
     *
     * @param idle because nothing moved for too long
     */
    void relayEnded(Relay relay, boolean idle);
  }

  private final Side client;
  private final Side endpoint;
  private final TimerWheel timers;
  private final long idleNanos;
  private final Timeout idle = new Idle();
  private final Listener listener;
  private long unsent;
  private boolean ended;

  /**
   * Begins to relay.
   *
   * @param idleNanos for how long nothing may move in either direction; up to twice as long after
   *     bytes had to wait to be sent, for nobody tells when the last of them was
   */
  public Relay(
      Channel client, Channel endpoint, TimerWheel timers, long idleNanos, Listener listener) {
    this.client = new Side(client);
    this.endpoint = new Side(endpoint);
    this.timers = timers;
    this.idleNanos = idleNanos;
    this.listener = listener;
    this.client.setReading(true);
    this.endpoint.setReading(true);
    moved();
  }

  /** The side that bytes of the client come in on. */
  public Side client() {
    return client;
  }

  /** The side that bytes of the endpoint come in on. */
  public Side endpoint() {
    return endpoint;
  }

  private void moved() {
    unsent = unsentNow();
    timers.arm(idle, timers.nanoTime() + idleNanos);
  }

  private long unsentNow() {
    return Unsent.bytes(client.channel) + Unsent.bytes(endpoint.channel);
  }

  private void idleExpired() {
    if (unsentNow() < unsent) {
      moved(); // to a reader so slow that nothing was read for it meanwhile
    } else {
      client.channel.close();
      endpoint.channel.close();
      end(true);
    }
  }

  private void finish() {
    client.closeAfterFlush();
    endpoint.closeAfterFlush();
    end(false);
  }

  private void end(boolean becauseIdle) {
    if (!ended) {
      ended = true;
      listener.relayEnded(this, becauseIdle);
    }
  }

  /** What comes from one of the two connections and goes to the other. */
  public final class Side {
    private final Channel channel;
    private long bytes;
    private boolean inputEnded;
    private @Nullable Counter sent;

    Side(Channel channel) {
      this.channel = channel;
    }

    /** Bytes that came from this side. */
    public long bytes() {
      return bytes;
    }

    /** Counts the bytes that go to this side. */
    public void counting(Counter counter) {
      sent = counter;
    }

    /** This side sent {@code buf}, which is taken over. */
    public void read(ByteBuf buf) {
      if (ended) {
        buf.release();
        return;
      }
      bytes += buf.readableBytes();
      other().write(buf);
    }

    /** What this side had sent so far has been read. */
    public void readComplete() {
      if (ended) {
        return;
      }
      Channel target = other().channel;
      target.flush();
      if (!target.isWritable()) {
        setReading(false);
      }
      moved();
    }

    /** This side takes bytes again, or no more. */
    public void writabilityChanged() {
      if (!ended && channel.isWritable()) {
        other().setReading(true);
        moved();
      }
    }

    /** This side will send no more. */
    public void inputEnded() {
      if (ended || inputEnded) {
        return;
      }
      inputEnded = true;
      if (other().inputEnded) {
        finish();
      } else {
        other().endOutput();
        moved();
      }
    }

    /**
     * This side's connection broke: the other side is not to take that for an orderly end. Told
     * before {@link #closed}.
     */
    public void broke() {
      if (!ended) {
        other().resetAfterFlush();
        channel.close();
        end(false);
      }
    }

    /** This side's connection is closed. */
    public void closed() {
      if (!ended) {
        finish();
      }
      if (!other().channel.isOpen()) {
        timers.cancel(idle);
      }
    }

    @SuppressWarnings("ReferenceEquality") // there are two
    private Side other() {
      return this == client ? endpoint : client;
    }

    private void write(ByteBuf buf) {
      if (sent != null) {
        sent.add(buf.readableBytes());
      }
      channel.write(buf, channel.voidPromise());
    }

    private void setReading(boolean reading) {
      Reading.set(channel, reading);
    }

    private void endOutput() {
      Ending.output(channel, () -> {});
    }

    /** What came before the break is passed on still. */
    private void resetAfterFlush() {
      if (channel.isActive()) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> Resets.close(channel));
      }
    }

    private void closeAfterFlush() {
      if (channel.isActive()) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      }
    }
  }

  private final class Idle extends Timeout {
    @Override
    protected void expired() {
      idleExpired();
    }
  }
}
