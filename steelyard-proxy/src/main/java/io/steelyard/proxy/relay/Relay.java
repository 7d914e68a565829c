package io.steelyard.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.steelyard.net.TimerWheel;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.proxy.stats.Counter;
import org.jspecify.annotations.Nullable;

/**
 * Two connections whose bytes are passed on both ways, unread, until both directions have ended or
 * nothing has moved for too long.
 *
 * <pre>
 *   client ──► Side ──► endpoint      a side that ends its output ends the other's input: half-close passes through
 *   client ◄── Side ◄── endpoint      a side that does not take its bytes stops the reading of the other
 * </pre>
 *
 * <p>The owners of the two channels hand in what happens to them through their {@link Side}.
 * Belongs to one event loop, on which both channels are.
 */
public final class Relay {
  /** Told once, when both connections are closed or being closed. */
  public interface Listener {
    /**
     * Both directions have ended.
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
  private boolean ended;

  public Relay(
      Channel client, Channel endpoint, TimerWheel timers, long idleNanos, Listener listener) {
    this.client = new Side(client);
    this.endpoint = new Side(endpoint);
    this.client.other = this.endpoint;
    this.endpoint.other = this.client;
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
    timers.arm(idle, System.nanoTime() + idleNanos);
  }

  private void end(boolean becauseIdle) {
    if (ended) {
      return;
    }
    ended = true;
    if (becauseIdle) {
      closeAtOnce();
    } else {
      client.closeAfterFlush();
      endpoint.closeAfterFlush();
      moved(); // what is not sent by then never will be
    }
    listener.relayEnded(this, becauseIdle);
  }

  private void closeAtOnce() {
    client.channel.close();
    endpoint.channel.close();
  }

  private void closed() {
    end(false);
    if (!client.channel.isOpen() && !endpoint.channel.isOpen()) {
      timers.cancel(idle);
    }
  }

  /** What comes from one of the two connections and goes to the other. */
  public final class Side {
    private final Channel channel;
    private Side other = this;
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
      bytes += buf.readableBytes();
      if (other.sent != null) {
        other.sent.add(buf.readableBytes());
      }
      other.channel.write(buf, other.channel.voidPromise());
    }

    /** What this side had sent so far has been read. */
    public void readComplete() {
      moved();
      other.channel.flush();
      if (!other.channel.isWritable()) {
        setReading(false);
      }
    }

    /** This side takes bytes again, or no more. */
    public void writabilityChanged() {
      if (channel.isWritable()) {
        moved();
        other.setReading(true);
      }
    }

    /** This side will send no more. */
    public void inputEnded() {
      if (inputEnded) {
        return;
      }
      inputEnded = true;
      if (other.inputEnded) {
        end(false);
        return;
      }
      Channel target = other.channel;
      target
          .writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(sent -> {
            if (target instanceof DuplexChannel duplex) {
              duplex.shutdownOutput();
            }
          });
    }

    /** This side's connection is closed. */
    public void closed() {
      Relay.this.closed();
    }

    private void setReading(boolean reading) {
      if (channel.isOpen()) {
        channel.config().setAutoRead(reading);
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
      if (ended) {
        closeAtOnce();
      } else {
        end(true);
      }
    }
  }
}
