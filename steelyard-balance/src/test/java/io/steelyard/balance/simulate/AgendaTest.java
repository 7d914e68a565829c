package io.steelyard.balance.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AgendaTest {
  private record Entry(long time, int number) {}

  @Test
  void whatComesFirstHappensFirst() {
    for (int seed = 0; seed < 64; seed++) {
      var random = new SplittableRandom(seed);
      var agenda = new Agenda();
      var entries = new ArrayList<Entry>();
      var happened = new ArrayList<Entry>();
      for (int i = 0; i < 300; i++) {
        var entry = new Entry(random.nextInt(100), i);
        entries.add(entry);
        agenda.at(
            entry.time(),
            i,
            stamp -> {
              assertThat(stamp).isEqualTo(entry.number());
              assertThat(agenda.now()).isEqualTo(entry.time());
              happened.add(entry);
            });
      }
      while (agenda.next()) {}
      assertThat(happened)
          .isEqualTo(
              entries.stream()
                  .sorted(Comparator.comparingLong(Entry::time).thenComparingInt(Entry::number))
                  .toList());
    }
  }

  @Test
  void whatIsEnteredMeanwhileHappensToo() {
    var agenda = new Agenda();
    List<Long> times = new ArrayList<>();
    agenda.at(
        10,
        0,
        stamp -> {
          times.add(agenda.now());
          agenda.at(5, 0, late -> times.add(agenda.now())); // has passed: now
          agenda.at(20, 0, next -> times.add(agenda.now()));
        });
    agenda.at(15, 0, stamp -> times.add(agenda.now()));
    while (agenda.next()) {}
    assertThat(times).containsExactly(10L, 10L, 15L, 20L);
    assertThat(agenda.next()).isFalse();
  }
}
