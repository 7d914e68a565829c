package io.steelyard.net;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/** A timer wheel on an event loop whose time stands still until it is told to go on. */
final class TestWheel {
  private final MockTicker ticker = Ticker.newMockTicker();
  private final EmbeddedChannel channel = EmbeddedChannel.builder().ticker(ticker).build();
  private final long origin;
  final TimerWheel timers;

  /** A wheel made when its clock shows {@code origin}. */
  TestWheel(long origin) {
    this.origin = origin;
    this.timers = new TimerWheel(channel.eventLoop(), this::now);
  }

  long now() {
    return origin + ticker.nanoTime();
  }

  /** Lets time pass and the event loop do what is due by then. */
  void advance(long nanos) {
    ticker.advance(nanos, TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }

  void advanceMillis(long millis) {
    advance(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** Does the wheel ask the event loop for a turn? */
  boolean isTurning() {
    return channel.runScheduledPendingTasks() >= 0;
  }
}
