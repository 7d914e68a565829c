package io.steelyard.balance.queue;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue with classes of service, and nobody starves. Within a class, first come, first served.
 *
 * <p><b>Rule.</b> {@link Order#STRICT}: the first class that has anybody. {@link Order#WEIGHTED}:
 * classes that have somebody share by weight; each serving sets a class's next turn 1 ÷ weight
 * after the later of its last turn and the present, and the earliest turn is next, so that a class
 * that was empty does not make up for what it missed. Under either, whoever has waited for the
 * bound goes before all who have not, the longest first: when more comes than is served, the
 * classes still count as long as waits stay below the bound, and age alone counts beyond it.
 *
 * <p><b>Source.</b> Strict priority and weighted fair queueing with start tags as routers do it (P.
 * Goyal, H. M. Vin, H. Cheng, SIGCOMM 1996).
 *
 * <p><b>Cost.</b> O(classes) to take, O(1) to add and to leave; places are used again, so nothing
 * is allocated once as many have waited before. Not thread-safe: each event loop has its own.
 *
 * @param <T> what waits
 */
public final class ClassQueue<T> {
  /** How classes follow each other. */
  public enum Order {
    /** The first before the second, always. */
    STRICT,
    /** By weight. */
    WEIGHTED
  }

  /** A turn at weight 1; a multiple of all weights to 22. */
  private static final long TURN = 232_792_560L;

  /** Who waits in a class, and when its next turn is. */
  private static final class Line<T> {
    private final int weight;
    private @Nullable Place<T> first;
    private @Nullable Place<T> last;
    private int size;
    private long turn;

    Line(int weight) {
      this.weight = weight;
    }
  }

  /**
   * A place in the queue, until it is taken or left. The queue uses it again: whoever has been
   * taken or has left forgets it.
   *
   * @param <T> what waits
   */
  public static final class Place<T> {
    private final ClassQueue<T> queue;
    private @Nullable T item;
    private int serviceClass;
    private long since;
    private @Nullable Place<T> before;
    private @Nullable Place<T> after;

    private Place(ClassQueue<T> queue) {
      this.queue = queue;
    }

    /**
     * Gives the place up.
     *
     * @throws IllegalStateException when it was taken or left before
     */
    public void leave() {
      queue.remove(this);
    }
  }

  private final Order order;
  private final long boundNanos;
  private final List<Line<T>> lines;
  private @Nullable Place<T> free;
  private int size;
  private long present;

  /**
   * An empty queue.
   *
   * @param classes from the first to the last, at least one
   * @param boundNanos how long anybody can wait before classes no longer count
   */
  public ClassQueue(List<ServiceClass> classes, Order order, long boundNanos) {
    if (classes.isEmpty()) {
      throw new IllegalArgumentException("there are no classes, expected one or more");
    }
    this.order = order;
    this.boundNanos = boundNanos;
    this.lines = classes.stream().map(one -> new Line<T>(one.weight())).toList();
  }

  /** How many wait. */
  public int size() {
    return size;
  }

  /** How many wait in a class. */
  public int size(int serviceClass) {
    return lines.get(serviceClass).size;
  }

  /**
   * Lets somebody wait.
   *
   * @param serviceClass the class's number, from 0
   * @param now in nanoseconds of the event loop's clock
   */
  public Place<T> add(int serviceClass, T item, long now) {
    var line = lines.get(serviceClass);
    var place = free == null ? new Place<T>(this) : free;
    free = place.after;
    place.item = item;
    place.serviceClass = serviceClass;
    place.since = now;
    place.before = line.last;
    place.after = null;
    if (line.last == null) {
      line.first = place;
      line.turn = Math.max(line.turn, present);
    } else {
      line.last.after = place;
    }
    line.last = place;
    line.size++;
    size++;
    return place;
  }

  /** Who is next, and stays in the queue; null when nobody waits. */
  public @Nullable T peek(long now) {
    var line = next(now);
    var first = line == null ? null : line.first;
    return first == null ? null : first.item;
  }

  private @Nullable Line<T> next(long now) {
    var line = overdue(now);
    return line == null ? inOrder() : line;
  }

  /** Takes who is next; null when nobody waits. */
  public @Nullable T poll(long now) {
    var line = next(now);
    var first = line == null ? null : line.first;
    if (line == null || first == null) {
      return null;
    }
    present = Math.max(present, line.turn);
    line.turn = present + TURN / line.weight;
    var item = first.item;
    remove(first);
    return item;
  }

  /** The line whose first has waited the longest, if that is the bound or more. */
  private @Nullable Line<T> overdue(long now) {
    Line<T> oldest = null;
    long most = boundNanos - 1;
    for (int i = 0; i < lines.size(); i++) {
      var first = lines.get(i).first;
      if (first != null && now - first.since > most) {
        most = now - first.since;
        oldest = lines.get(i);
      }
    }
    return oldest;
  }

  private @Nullable Line<T> inOrder() {
    Line<T> best = null;
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      boolean waits = line.size > 0;
      if (waits && (best == null || (order == Order.WEIGHTED && line.turn < best.turn))) {
        best = line;
      }
    }
    return best;
  }

  private void remove(Place<T> place) {
    if (place.item == null) {
      throw new IllegalStateException("the place was taken or left before");
    }
    var line = lines.get(place.serviceClass);
    if (place.before == null) {
      line.first = place.after;
    } else {
      place.before.after = place.after;
    }
    if (place.after == null) {
      line.last = place.before;
    } else {
      place.after.before = place.before;
    }
    line.size--;
    size--;
    place.item = null;
    place.before = null;
    place.after = free;
    free = place;
  }
}
