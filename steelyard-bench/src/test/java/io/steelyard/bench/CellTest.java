package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CellTest {
  @Test
  void theMedianOfAnEvenNumberLiesBetween() {
    assertThat(Spread.of(3, 1, 2)).isEqualTo(new Spread(2, 1, 3));
    assertThat(Spread.of(4, 1, 2, 3)).isEqualTo(new Spread(2.5, 1, 4));
    assertThat(Spread.of(7)).isEqualTo(new Spread(7, 7, 7));
    assertThatThrownBy(Spread::of).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void comparesWithTheLowerPeerOfTheSameRound() {
    Cell cell =
        Cell.of(
            Work.SMALL,
            64,
            List.of(
                window("nginx", true, 1, 20),
                window("haproxy", true, 1, 25),
                window("steelyard", false, 1, 10),
                window("nginx", true, 2, 50),
                window("haproxy", true, 2, 40),
                window("steelyard", false, 2, 32)));

    assertThat(cell.rows())
        .extracting(Cell.Row::contestant)
        .containsExactly("nginx", "haproxy", "steelyard");
    assertThat(cell.rows())
        .extracting(Cell.Row::ratio)
        .containsExactly(
            new Spread(1.125, 1, 1.25), new Spread(1.125, 1, 1.25), new Spread(0.65, 0.5, 0.8));
  }

  @Test
  void aPeerWithErrorsIsNoMeasure() {
    Cell cell =
        Cell.of(
            Work.SMALL,
            64,
            List.of(
                window("nginx", true, 1, 5, "3 timeouts"),
                window("haproxy", true, 1, 20),
                window("steelyard", false, 1, 10)));

    assertThat(cell.rows().getLast().ratio()).isEqualTo(new Spread(0.5, 0.5, 0.5));
    assertThat(cell.rows().getFirst().problems()).containsExactly("3 timeouts");
  }

  @Test
  void withoutPeersThereIsNoRatio() {
    Cell cell = Cell.of(Work.SMALL, 64, List.of(window("steelyard", false, 1, 10)));

    assertThat(cell.rows().getFirst().ratio()).isNull();
  }

  @Test
  void aWindowDividesByRequests() {
    WrkResult client = new WrkResult(1_000, 500, 1e6, 10, 20, List.of());
    Usage proxy = new Usage(20_000_000, 1, 3);

    Window window =
        Window.of(
            new NginxPeer(Tuning.LARGE_BUFFERS, Carried.HTTP),
            Work.SMALL,
            1,
            new Lab.Load(client, proxy, 2, 0.1),
            4096);

    assertThat(window.cpuMicros()).isEqualTo(20);
    assertThat(window.userMicros()).isEqualTo(5);
    assertThat(window.busy()).isCloseTo(0.01, within(1e-9));
    assertThat(window.peer()).isTrue();
    assertThat(window.sound()).isTrue();
  }

  private static Window window(
      String contestant, boolean peer, int round, double cpuMicros, String... problems) {
    return new Window(
        contestant,
        peer,
        round,
        1_000,
        500,
        100,
        900,
        cpuMicros,
        3,
        0.5,
        0,
        4096,
        List.of(problems));
  }
}
