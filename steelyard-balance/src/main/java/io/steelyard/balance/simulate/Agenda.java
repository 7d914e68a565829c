package io.steelyard.balance.simulate;

import java.util.Arrays;

/**
 * What is going to happen, by time; of two things at the same time, what was entered first comes
 * first. A binary heap. Not thread-safe.
 */
final class Agenda {
  /** Something that happens. */
  @FunctionalInterface
  interface Task {
    /**
     * It happens.
     *
     * @param stamp the number that it was entered with
     */
    void run(int stamp);
  }

  private static final Task NOTHING = stamp -> {};

  private long[] times = new long[64];
  private long[] order = new long[64];
  private int[] stamps = new int[64];
  private Task[] tasks = new Task[64];
  private int size;
  private long entered;
  private long now;

  /** The virtual time, in nanoseconds from 0. */
  long now() {
    return now;
  }

  /** Enters a task; a time that has passed is now. */
  void at(long time, int stamp, Task task) {
    if (size == times.length) {
      grow();
    }
    int place = size++;
    long when = Math.max(time, now);
    long number = entered++;
    while (place > 0 && isBefore(when, number, (place - 1) >>> 1)) {
      move((place - 1) >>> 1, place);
      place = (place - 1) >>> 1;
    }
    put(place, when, number, stamp, task);
  }

  /** Lets the next task happen. False when there is none. */
  boolean next() {
    if (size == 0) {
      return false;
    }
    now = times[0];
    var task = tasks[0];
    int stamp = stamps[0];
    size--;
    sink();
    tasks[size] = NOTHING;
    task.run(stamp);
    return true;
  }

  /** Takes the last entry to where it belongs, from the top. */
  private void sink() {
    long time = times[size];
    long number = order[size];
    int place = 0;
    for (int child = 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && isBefore(times[child + 1], order[child + 1], child)) {
        child++;
      }
      if (isBefore(time, number, child)) {
        break;
      }
      move(child, place);
      place = child;
    }
    put(place, time, number, stamps[size], tasks[size]);
  }

  private boolean isBefore(long time, long number, int other) {
    return time != times[other] ? time < times[other] : number < order[other];
  }

  private void move(int from, int to) {
    put(to, times[from], order[from], stamps[from], tasks[from]);
  }

  private void put(int place, long time, long number, int stamp, Task task) {
    times[place] = time;
    order[place] = number;
    stamps[place] = stamp;
    tasks[place] = task;
  }

  private void grow() {
    times = Arrays.copyOf(times, 2 * size);
    order = Arrays.copyOf(order, 2 * size);
    stamps = Arrays.copyOf(stamps, 2 * size);
    tasks = Arrays.copyOf(tasks, 2 * size);
  }
}
