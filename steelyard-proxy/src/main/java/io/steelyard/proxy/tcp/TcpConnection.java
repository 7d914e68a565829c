package io.steelyard.proxy.tcp;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.steelyard.balance.Outcome;
import io.steelyard.net.Reading;
import io.steelyard.net.Resets;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.proxy.listen.Agreed;
import io.steelyard.proxy.listen.Breakage;
import io.steelyard.proxy.listen.ClientAddress;
import io.steelyard.proxy.listen.ConnectionLimit;
import io.steelyard.proxy.listen.Handshakes;
import io.steelyard.proxy.relay.Relay;
import io.steelyard.proxy.stats.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's TCP connection: waits for room, is given an endpoint, and is relayed to it.
 *
 * <pre>
 *              room            route known           connected              both sides have ended, or nothing moved
 *   WAITING ─────────► LOOKING ───────────► CONNECTING ─────────► RELAYING ─────────► CLOSED
 *          └► HANDSHAKE ─┤
 *                        │                    │     ▲  refused, too slow: another endpoint ▲
 *                        └─ no route ──┐      └─────┘  nobody is left ─────────────────────┤
 *                                      └───────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>A connection beyond the listener's limit is WAITING, unread, until others end. What the client
 * sends before the endpoint is there is held, up to a bound, and passed on then. LOOKING takes no
 * time where the route does not depend on what the client sends. HANDSHAKE is there with TLS alone.
 *
 * <p>Belongs to one event loop.
 */
final class TcpConnection extends ChannelInboundHandlerAdapter implements ConnectionLimit.Waiting {
  private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);

  /** More is not read while there is no endpoint to take it. */
  private static final int HELD_LIMIT = 64 * 1024;

  private enum State {
    WAITING,
    HANDSHAKE,
    LOOKING,
    CONNECTING,
    RELAYING,
    CLOSED
  }

  private final TcpService service;
  private final Timeout timeout = new Late();
  private @Nullable Channel channel;
  private @Nullable Passage passage;
  private @Nullable ByteBuf held;
  private Relay.@Nullable Side side;
  private State state = State.WAITING;
  private boolean asked;
  private boolean inputEnded;
  private boolean inputCut;

  /** Neighbours in the service's list. */
  @Nullable TcpConnection previous;

  @Nullable TcpConnection next;

  TcpConnection(TcpService service) {
    this.service = service;
  }

  // ---- the beginning ----

  @Override
  public void channelActive(ChannelHandlerContext context) {
    service.loop().readClock();
    channel = context.channel();
    service.add(this);
    if (service.limit().enter(this)) {
      admitted();
    } else {
      service.stats().waited.increment();
      Reading.set(channel(), false);
    }
  }

  @Override
  public void admit() {
    channel()
        .eventLoop()
        .execute(() -> {
          if (state == State.WAITING) {
            service.loop().readClock();
            admitted();
            Reading.set(channel(), true);
          }
        });
  }

  private void admitted() {
    service.stats().connections.increment();
    service.stats().active.add(1);
    // Asked now, for a closed socket may not know it any more.
    Passage current = new Passage(this, service, ClientAddress.of(channel()));
    passage = current;
    Agreed told = Agreed.told(channel());
    if (told != null) {
      current.secured(told);
    }
    if (service.isSecure()) {
      state = State.HANDSHAKE;
      await(service.handshakeNanos());
    } else {
      state = State.LOOKING;
      look(false);
    }
  }

  private void handshakeEnded(SslHandshakeCompletionEvent event) {
    if (state != State.HANDSHAKE) {
      return; // too late, or a failure that has been counted
    }
    service.loop().readClock();
    Handshakes.count(event, channel(), service.stats());
    if (event.isSuccess()) {
      service.loop().timers().disarm(timeout);
      requireNonNull(passage, "passage").secured(Agreed.of(channel()));
      state = State.LOOKING;
      look(false);
    } else {
      closed(Reason.TLS_FAILED); // the handler below closes
    }
  }

  /**
   * Finds the way, if what has come tells it.
   *
   * @param isAll whatever else may come, it is not waited for
   */
  private void look(boolean isAll) {
    Passage current = requireNonNull(passage, "passage");
    boolean isTimed = timeout.isArmed();
    if (current.look(held, isAll)) {
      service.loop().timers().disarm(timeout);
      state = State.CONNECTING;
      current.begin();
    } else if (state == State.LOOKING && !isTimed) {
      await(service.headNanos());
    }
  }

  // ---- what the client does ----

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf buf = (ByteBuf) message;
    Relay.Side relayed = side;
    if (relayed != null) {
      askOnce();
      relayed.read(buf);
    } else if (state == State.LOOKING) {
      hold(buf);
      service.loop().readClock();
      look(isFull());
    } else if (state == State.CONNECTING) {
      hold(buf);
    } else {
      buf.release();
    }
  }

  private void askOnce() {
    if (!asked) {
      asked = true;
      service.loop().readClock();
      requireNonNull(passage, "passage").asked();
    }
  }

  private void hold(ByteBuf buf) {
    ByteBuf before = held;
    if (before == null) {
      held = buf;
    } else {
      held =
          before instanceof CompositeByteBuf several
              ? several.addComponent(true, buf)
              : channel().alloc().compositeBuffer().addComponents(true, before, buf);
    }
    if (isFull()) {
      Reading.set(channel(), false);
    }
  }

  private boolean isFull() {
    ByteBuf bytes = held;
    return bytes != null && bytes.readableBytes() >= HELD_LIMIT;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    Relay.Side relayed = side;
    if (relayed != null) {
      relayed.readComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Relay.Side relayed = side;
    if (relayed != null) {
      relayed.writabilityChanged();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    switch (event) {
      case ChannelInputShutdownEvent _ -> inputEnded(service.isSecure());
      case SslHandshakeCompletionEvent handshake -> handshakeEnded(handshake);
      case SslCloseCompletionEvent close when close.isSuccess() -> inputEnded(false);
      default -> {}
    }
  }

  /**
   * @param cut there was no close_notify: something may be missing
   */
  private void inputEnded(boolean cut) {
    if (inputEnded) {
      return; // by a close_notify
    }
    service.loop().readClock();
    inputEnded = true;
    inputCut = cut;
    Relay.Side relayed = side;
    if (relayed != null) {
      relayed.inputEnded(cut);
    } else if (state == State.WAITING || state == State.HANDSHAKE) {
      channel().close();
    } else if (state == State.LOOKING) {
      look(true);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    service.loop().readClock();
    closed(Reason.CLIENT_CLOSED);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Breakage breakage = Breakage.of(cause);
    if (state == State.CLOSED || breakage == Breakage.LATE) {
      return;
    }
    service.loop().readClock();
    Handshakes.countBroken(cause, channel(), service.stats());
    if (breakage == Breakage.PEER) {
      broke(Reason.CLIENT_RESET);
    } else {
      LOG.error("Closing a connection of listener {}: a mistake of ours", service.name(), cause);
      broke(Reason.INTERNAL);
    }
  }

  private void broke(Reason reason) {
    Relay.Side relayed = side;
    Passage current = passage;
    if (relayed != null && current != null) {
      current.broken(reason, Outcome.CANCELLED);
      relayed.broke();
    } else {
      closed(reason);
      channel().close();
    }
  }

  private void closed(Reason reason) {
    if (state == State.CLOSED) {
      return;
    }
    if (state != State.WAITING) {
      service.stats().active.add(-1);
    }
    state = State.CLOSED;
    service.remove(this);
    service.limit().leave(this);
    service.loop().timers().cancel(timeout);
    releaseHeld();
    Relay.Side relayed = side;
    Passage current = passage;
    if (relayed != null) {
      relayed.closed();
    } else if (current != null) {
      current.clientGone(reason);
    }
  }

  private void releaseHeld() {
    ByteBuf bytes = held;
    if (bytes != null) {
      held = null;
      service.stats().bytesIn.add(bytes.readableBytes());
      bytes.release();
    }
  }

  // ---- what becomes of it ----

  /** What is waited for has so long to come. */
  void await(long nanos) {
    service.loop().timers().arm(timeout, service.loop().nanoTime() + nanos);
  }

  /** The endpoint is there: from now on the bytes go back and forth. */
  void relayed(Relay relay) {
    service.loop().timers().disarm(timeout);
    state = State.RELAYING;
    Relay.Side begun = relay.client();
    side = begun;
    ByteBuf early = held;
    held = null;
    if (early != null) {
      askOnce();
      if (service.ftp() == null) {
        begun.read(early);
        begun.readComplete();
      } else {
        channel().pipeline().fireChannelRead(early).fireChannelReadComplete(); // by who reads along
      }
    }
    if (inputEnded) {
      begun.inputEnded(inputCut);
    }
  }

  /** Nobody serves it. */
  void refuse() {
    service.loop().timers().disarm(timeout);
    Resets.close(channel());
  }

  /** The listener is going away. */
  void drain() {
    if (state == State.WAITING) {
      channel().close();
    }
  }

  /** This process stops. */
  void closeNow() {
    Passage current = passage;
    if (current != null) {
      current.broken(Reason.SHUTDOWN, Outcome.CANCELLED);
    }
    channel().close();
  }

  /** Will the client send no more? */
  boolean inputEnded() {
    return inputEnded;
  }

  Channel channel() {
    return requireNonNull(channel, "channel");
  }

  private final class Late extends Timeout {
    @Override
    protected void expired() {
      service.loop().readClock();
      if (state == State.LOOKING) {
        look(true);
      } else if (state == State.HANDSHAKE) {
        service.stats().slowHandshakes.increment();
        closed(Reason.HEAD_TIMEOUT);
        Resets.close(channel());
      } else {
        requireNonNull(passage, "passage").connectTimedOut();
      }
    }
  }
}
