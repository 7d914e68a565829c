package io.steelyard.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.steelyard.net.TimerWheel;
import io.steelyard.net.TimerWheel.Timeout;

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
    client.config().setAutoRead(true);
    endpoint.config().setAutoRead(true);
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
    if (!ended) {
      ended = true;
      timers.cancel(idle);
      client.closeAfterFlush();
      endpoint.closeAfterFlush();
      listener.relayEnded(this, becauseIdle);
    }
  }

  /** What comes from one of the two connections and goes to the other. */
  public final class Side {
    private final Channel channel;
    private Side other = this;
    private long bytes;
    private boolean inputEnded;

    Side(Channel channel) {
      this.channel = channel;
    }

    /** Bytes that came from this side. */
    public long bytes() {
      return bytes;
    }

    /** This side sent {@code buf}, which is taken over. */
    public void read(ByteBuf buf) {
      bytes += buf.readableBytes();
      other.channel.write(buf, other.channel.voidPromise());
    }

    /** What this side had sent so far has been read. */
    public void readComplete() {
      moved();
      other.channel.flush();
      if (!other.channel.isWritable()) {
        channel.config().setAutoRead(false);
      }
    }

    /** This side takes bytes again, or no more. */
    public void writabilityChanged() {
      if (channel.isWritable()) {
        moved();
        other.channel.config().setAutoRead(true);
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
      end(false);
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
      end(true);
    }
  }
}
