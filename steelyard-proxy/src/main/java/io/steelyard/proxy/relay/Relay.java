package io.steelyard.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.steelyard.net.Loop;
import io.steelyard.net.Reading;
import io.steelyard.net.Resets;
import io.steelyard.net.Splice;
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
  /** What one turn of the event loop reads of a bulk flow, and never of a small exchange. */
  private static final int BULK = 64 * 1024;

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
  private @Nullable Loop splicing;
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

  /**
   * From now on bulk goes from one side to the other inside of the kernel, where that can be. The
   * counters of both sides have to be set, for nobody else sees these bytes.
   *
   * @param loop that of both channels
   */
  public void splicing(Loop loop) {
    splicing = loop;
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

  private void stopSplicing() {
    client.stopSplicing();
    endpoint.stopSplicing();
  }

  private void finish() {
    client.closeAfterFlush();
    endpoint.closeAfterFlush();
    end(false);
  }

  private void end(boolean becauseIdle) {
    if (!ended) {
      ended = true;
      stopSplicing();
      listener.relayEnded(this, becauseIdle);
    }
  }

  /** What comes from one of the two connections and goes to the other. */
  public final class Side implements RelayEnd {
    private final Channel channel;
    private long bytes;
    private boolean inputEnded;
    private boolean cut;
    private @Nullable Counter sent;
    private @Nullable Counter received;
    private @Nullable Splice splice;
    private int burst;

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

    /** Counts the bytes that come from this side and go to it. */
    public void counting(Counter from, Counter to) {
      received = from;
      sent = to;
    }

    @Override
    public void read(ByteBuf buf) {
      if (ended) {
        buf.release();
        return;
      }
      int count = buf.readableBytes();
      count(count);
      burst += count;
      other().write(buf);
    }

    @Override
    public void readComplete() {
      if (ended) {
        return;
      }
      Channel target = other().channel;
      target.flush();
      if (!target.isWritable()) {
        setReading(false);
      }
      if (burst >= BULK) {
        beginSplice();
      }
      burst = 0;
      moved();
    }

    private void count(int count) {
      bytes += count;
      if (received != null) {
        received.add(count);
      }
      Counter onwards = other().sent;
      if (onwards != null) {
        onwards.add(count);
      }
    }

    /** So much at a time is no small exchange. */
    private void beginSplice() {
      Loop loop = splicing;
      if (loop != null && !ended && (splice == null || splice.isStopped())) {
        splice = loop.splice(channel, other().channel, this::spliced);
      }
    }

    private void spliced(int count) {
      count(count);
      moved();
    }

    private void stopSplicing() {
      Splice current = splice;
      if (current != null) {
        current.stop();
      }
    }

    @Override
    public void writabilityChanged() {
      if (!ended && channel.isWritable()) {
        other().setReading(true);
        moved();
      }
    }

    @Override
    public void inputEnded() {
      inputEnded(false);
    }

    /**
     * This side will send no more.
     *
     * @param isCut it spoke TLS and did not say that this is the end: the other side, if it speaks
     *     TLS, is not told so either
     */
    public void inputEnded(boolean isCut) {
      if (ended || inputEnded) {
        return;
      }
      inputEnded = true;
      cut = isCut;
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

    @Override
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
      channel.write(buf, channel.voidPromise());
    }

    private void setReading(boolean reading) {
      Reading.set(channel, reading);
    }

    private void endOutput() {
      if (other().cut) {
        Ending.outputUnannounced(channel);
      } else {
        Ending.output(channel, () -> {});
      }
    }

    /** What came before the break is passed on still. */
    private void resetAfterFlush() {
      if (channel.isActive()) {
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> Resets.close(channel));
      }
    }

    private void closeAfterFlush() {
      if (channel.isActive()) {
        boolean unannounced = other().cut;
        channel
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(_ -> {
              if (unannounced) {
                Ending.abruptly(channel);
              } else {
                channel.close();
              }
            });
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
