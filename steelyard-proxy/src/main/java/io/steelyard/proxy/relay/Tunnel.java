package io.steelyard.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.steelyard.net.TimerWheel;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.proxy.stats.Reason;

/**
 * Two ends whose bytes are passed on both ways, unread, where at least one is a stream of a shared
 * connection; between two connections of their own a {@link Relay} does it with less.
 *
 * <pre>
 *   client ──► Side ──► endpoint     an end that sends no more ends the other's output
 *   client ◄── Side ◄── endpoint     an end that does not take its bytes stops the reading of the other
 *
 *   both have ended: closed.  one broke: so does the other.  nothing moved for too long: both
 * </pre>
 *
 * <p>Belongs to the event loop of both.
 */
public final class Tunnel {
  /** Told once, before the ends are closed. */
  public interface Listener {
    /** No more bytes will be passed on; the counts are final. */
    void tunnelEnded(Tunnel tunnel, Reason reason);
  }

  private final Side client;
  private final Side endpoint;
  private final TimerWheel timers;
  private final long idleNanos;
  private final Listener listener;
  private final Timeout idle = new Idle();
  private long clientProgress;
  private long endpointProgress;
  private boolean ended;

  /**
   * Begins to pass bytes on.
   *
   * @param idleNanos for how long nothing may move in either direction
   */
  public Tunnel(
      TunnelEnd client, TunnelEnd endpoint, TimerWheel timers, long idleNanos, Listener listener) {
    this.client = new Side(client);
    this.endpoint = new Side(endpoint);
    this.timers = timers;
    this.idleNanos = idleNanos;
    this.listener = listener;
    client.setReading(true);
    endpoint.setReading(true);
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
    clientProgress = client.end.progress();
    endpointProgress = endpoint.end.progress();
    timers.arm(idle, timers.nanoTime() + idleNanos);
  }

  private void idleExpired() {
    if (client.end.progress() != clientProgress || endpoint.end.progress() != endpointProgress) {
      moved(); // to somebody slow
    } else {
      end(Reason.IDLE_TIMEOUT);
      client.end.drop();
      endpoint.end.drop();
    }
  }

  private void finish() {
    end(Reason.NONE);
    client.end.close();
    endpoint.end.close();
  }

  private void end(Reason reason) {
    ended = true;
    timers.cancel(idle);
    listener.tunnelEnded(this, reason);
  }

  /** What comes from one of the two ends and goes to the other. */
  public final class Side implements RelayEnd {
    private final TunnelEnd end;
    private long bytes;
    private boolean inputEnded;

    Side(TunnelEnd end) {
      this.end = end;
    }

    /** Bytes that came from this side. */
    public long bytes() {
      return bytes;
    }

    @SuppressWarnings("ReferenceEquality") // there are two
    private Side other() {
      return this == client ? endpoint : client;
    }

    @Override
    public void read(ByteBuf buf) {
      if (ended) {
        buf.release();
      } else {
        bytes += buf.readableBytes();
        other().end.write(buf);
      }
    }

    @Override
    public void readComplete() {
      if (ended) {
        return;
      }
      TunnelEnd target = other().end;
      target.flush();
      if (!target.isReady()) {
        end.setReading(false);
      }
      moved();
    }

    @Override
    public void writabilityChanged() {
      if (!ended && end.isReady()) {
        other().end.setReading(true);
        moved();
      }
    }

    @Override
    public void inputEnded() {
      if (ended || inputEnded) {
        return;
      }
      inputEnded = true;
      if (other().inputEnded) {
        finish();
      } else {
        other().end.endOutput();
        moved();
      }
    }

    @Override
    public void closed() {
      if (ended) {
        return;
      }
      if (inputEnded) {
        finish(); // it has said all that it had to say
      } else {
        broke(Reason.NONE);
      }
    }

    /** This side is gone before its end: the other is not to take that for an orderly one. */
    public void broke(Reason reason) {
      if (!ended) {
        end(reason);
        other().end.cut();
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
