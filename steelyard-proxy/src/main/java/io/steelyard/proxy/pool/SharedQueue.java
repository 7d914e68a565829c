package io.steelyard.proxy.pool;

import io.steelyard.balance.limit.SharedCount;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What the event loops' queues of one pool share: how many wait in all, and whose turn it is when
 * there is room. Thread-safe; made with a snapshot.
 */
public final class SharedQueue {
  private final SharedCount waiting = new SharedCount();
  private final AtomicReferenceArray<@Nullable PoolQueue> queues;
  private final AtomicInteger turn = new AtomicInteger();

  /** For so many event loops. */
  public SharedQueue(int loops) {
    queues = new AtomicReferenceArray<>(loops);
  }

  void register(int loop, PoolQueue queue) {
    queues.set(loop, queue);
  }

  /** How many wait, over all event loops. */
  int waiting() {
    return waiting.value();
  }

  boolean enter(int limit) {
    return waiting.enterBelow(limit);
  }

  void leave() {
    waiting.leave();
  }

  /** There may be room: lets an event loop look that has somebody waiting, each in turn. */
  void wake() {
    if (waiting.value() == 0) {
      return;
    }
    int loops = queues.length();
    int first = Math.floorMod(turn.getAndIncrement(), loops);
    for (int i = 0; i < loops; i++) {
      var queue = queues.get((first + i) % loops);
      if (queue != null && queue.size() > 0) {
        queue.wakeUp();
        return;
      }
    }
  }

  /** Somebody needs a connection while others keep some idle. */
  void shed(PoolQueue asking) {
    for (int i = 0; i < queues.length(); i++) {
      var queue = queues.get(i);
      if (queue != null && queue != asking) {
        queue.shedLater();
      }
    }
  }
}
