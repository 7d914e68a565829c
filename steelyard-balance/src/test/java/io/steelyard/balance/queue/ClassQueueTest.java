package io.steelyard.balance.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.steelyard.balance.queue.ClassQueue.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClassQueueTest {
  private static final long BOUND = 1_000;

  private static ClassQueue<String> queue(Order order, int... weights) {
    var classes = new ArrayList<ServiceClass>();
    for (int weight : weights) {
      classes.add(new ServiceClass("class " + classes.size(), weight));
    }
    return new ClassQueue<>(classes, order, BOUND);
  }

  @Test
  void theFirstClassGoesFirst() {
    var queue = queue(Order.STRICT, 1, 1);
    queue.add(1, "late", 0);
    queue.add(0, "first", 1);
    queue.add(0, "second", 2);
    assertThat(queue.size()).isEqualTo(3);
    assertThat(queue.size(0)).isEqualTo(2);
    assertThat(List.of(poll(queue, 3), poll(queue, 3), poll(queue, 3)))
        .containsExactly("first", "second", "late");
    assertThat(queue.poll(3)).isNull();
    assertThat(queue.size()).isZero();
  }

  private static String poll(ClassQueue<String> queue, long now) {
    return String.valueOf(queue.poll(now));
  }

  /**
   * More of the first class comes than is served, and yet the last waits no longer than the bound.
   */
  @ParameterizedTest
  @EnumSource(Order.class)
  void nobodyStarves(Order order) {
    var queue = queue(order, 1_000, 1);
    queue.add(1, "last", 0);
    long taken = -1;
    for (long now = 0; taken < 0; now++) {
      queue.add(0, "first", now);
      taken = poll(queue, now).equals("last") ? now : -1;
    }
    assertThat(taken).isLessThanOrEqualTo(BOUND + 1);
  }

  @Test
  void theOldestOfThoseWhoWaitedTooLongGoesFirst() {
    var queue = queue(Order.STRICT, 1, 1, 1);
    queue.add(0, "young", 900);
    queue.add(2, "oldest", 0);
    queue.add(1, "old", 500);
    assertThat(poll(queue, 1_600)).isEqualTo("oldest");
    assertThat(poll(queue, 1_600)).isEqualTo("old");
    assertThat(poll(queue, 1_600)).isEqualTo("young");
  }

  @Test
  void weightsShareWhatIsServed() {
    var queue = queue(Order.WEIGHTED, 5, 3, 2);
    int[] served = new int[3];
    for (int i = 0; i < 3; i++) {
      queue.add(i, "" + i, 0);
    }
    for (int i = 0; i < 10_000; i++) {
      int taken = Integer.parseInt(poll(queue, 0));
      served[taken]++;
      queue.add(taken, "" + taken, 0);
    }
    assertThat(served).containsExactly(5_000, 3_000, 2_000);
  }

  @Test
  void whoWasAbsentDoesNotMakeUpForIt() {
    var queue = queue(Order.WEIGHTED, 1, 1);
    for (int i = 0; i < 1_000; i++) {
      queue.add(0, "a", 0);
      assertThat(queue.poll(0)).isEqualTo("a");
    }
    var order = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      queue.add(0, "a", 0);
      queue.add(1, "b", 0);
    }
    for (int i = 0; i < 8; i++) {
      order.append(queue.poll(0));
    }
    assertThat(order.toString()).isEqualTo("babababa");
  }

  @Test
  void whoLeavesIsGone() {
    var queue = queue(Order.STRICT, 1);
    queue.add(0, "a", 0);
    var place = queue.add(0, "b", 0);
    queue.add(0, "c", 0);
    place.leave();
    assertThat(queue.size()).isEqualTo(2);
    assertThatThrownBy(place::leave)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the place was taken or left before");
    assertThat(List.of(poll(queue, 0), poll(queue, 0))).containsExactly("a", "c");
  }

  /** Against lists that are searched for who is next. */
  @ParameterizedTest
  @EnumSource(Order.class)
  void linesKeepTheirOrderWhateverHappens(Order order) {
    for (int seed = 0; seed < 64; seed++) {
      var random = new SplittableRandom(seed);
      var queue = queue(order, 1, 2, 3);

      var waiting = new ArrayList<List<String>>();
      for (int i = 0; i < 3; i++) {
        waiting.add(new ArrayList<>());
      }
      long now = Long.MAX_VALUE - 5_000; // clocks wrap
      for (int step = 0; step < 300; step++) {
        now += random.nextInt(100);
        if (random.nextInt(5) < 3) {
          int line = random.nextInt(3);
          var name = line + " " + step;
          var place = queue.add(line, name, now);
          waiting.get(line).add(name);
          if (random.nextInt(4) == 0) {
            place.leave();
            waiting.get(line).remove(name);
          }
        } else {
          var taken = queue.poll(now);
          assertThat(taken == null).isEqualTo(waiting.stream().allMatch(List::isEmpty));
          if (taken != null) {
            assertThat(waiting.get(taken.charAt(0) - '0').removeFirst()).isEqualTo(taken);
          }
        }
        assertThat(queue.size()).isEqualTo(waiting.stream().mapToInt(List::size).sum());
      }
    }
  }

  @Test
  void classesAreChecked() {
    assertThatThrownBy(() -> new ServiceClass("gold", 0))
        .hasMessage("class gold has weight 0, expected 1 or more");
    assertThatThrownBy(() -> queue(Order.STRICT))
        .hasMessage("there are no classes, expected one or more");
  }
}
