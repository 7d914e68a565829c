package io.steelyard.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What an idle keep-alive connection costs a contestant, in a fresh process. */
final class MemoryRun {
  /** Enough for classes to be loaded and for the first chunk of an allocator to be there. */
  private static final int WARMUP_CONNECTIONS = 100;

  /**
   * Bytes; kernel memory (sockets) is not in it. Live heap and direct memory are known for a JVM
   * only.
   */
  record Sample(long resident, @Nullable Long liveHeap, @Nullable Long direct) {}

  record Row(String contestant, int connections, Sample before, Sample after) {
    @JsonProperty
    double residentEach() {
      return each(after.resident() - before.resident());
    }

    @JsonProperty
    @Nullable Double liveHeapEach() {
      return each(before.liveHeap(), after.liveHeap());
    }

    @JsonProperty
    @Nullable Double directEach() {
      return each(before.direct(), after.direct());
    }

    private @Nullable Double each(@Nullable Long from, @Nullable Long to) {
      return from == null || to == null ? null : each(to - from);
    }

    private double each(long bytes) {
      return (double) bytes / connections;
    }
  }

  private final Lab lab;
  private final int count;
  private final Progress progress;

  MemoryRun(Lab lab, int count, Progress progress) {
    this.lab = lab;
    this.count = count;
    this.progress = progress;
  }

  List<Row> run(List<Contestant> contestants) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (Contestant contestant : contestants) {
      try (Lab.Running running = lab.start(contestant, Work.SMALL)) {
        if (running != null) {
          rows.add(measure(running));
        }
      } catch (IOException | IllegalStateException e) {
        lab.omit(contestant.name() + ", memory", e);
      }
      progress.step(contestant.name() + ", " + count + " idle connections");
    }
    return rows;
  }

  private Row measure(Lab.Running running) throws IOException, InterruptedException {
    boolean secure = running.contestant().carried().isSecure();
    IdleConnections.open(running.port(), WARMUP_CONNECTIONS, secure).close();
    sample(running); // the JVM's own machinery for answering jcmd stays in memory as well
    Sample before = sample(running);
    try (IdleConnections _ = IdleConnections.open(running.port(), count, secure)) {
      return new Row(running.name(), count, before, sample(running));
    }
  }

  private Sample sample(Lab.Running running) throws IOException, InterruptedException {
    if (!running.contestant().jvm()) {
      return new Sample(Usage.residentBytes(running.pids()), null, null);
    }
    long live = JvmMemory.liveHeap(lab.workspace(), running.pids().getFirst());
    OptionalLong direct = DirectMemory.used(running.adminPort());
    return new Sample(
        Usage.residentBytes(running.pids()),
        live,
        direct.isPresent() ? (Long) direct.getAsLong() : null);
  }
}
