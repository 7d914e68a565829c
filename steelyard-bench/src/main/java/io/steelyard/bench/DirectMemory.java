package io.steelyard.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Netty's direct memory, as Steelyard's {@code /metrics} tell it. */
final class DirectMemory {
  private static final Pattern SAMPLE =
      Pattern.compile("(?m)^steelyard_\\w*direct\\w*_bytes(?:\\{[^}]*})? (\\S+)$");

  private DirectMemory() {}

  /** Empty when there is no such metric. */
  static OptionalLong used(int adminPort) {
    URI metrics = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
    try (InputStream in = metrics.toURL().openStream()) {
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  static OptionalLong parse(String metrics) {
    List<MatchResult> samples = SAMPLE.matcher(metrics).results().toList();
    return samples.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(
            samples.stream().mapToLong(s -> (long) Double.parseDouble(s.group(1))).sum());
  }
}
