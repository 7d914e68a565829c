package io.steelyard.model.check;

import io.steelyard.model.Match;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cover of routes of connections: by a route without a condition, or with the same one. */
final class StreamCover implements Cover {
  private final Map<Match, Integer> conditions = new HashMap<>();
  private @Nullable Integer everything;

  @Override
  public void add(@Nullable Match match, int index) {
    if (match == null) {
      everything = everything == null ? Integer.valueOf(index) : everything;
    } else {
      conditions.putIfAbsent(match, index);
    }
  }

  @Override
  public @Nullable Integer covering(@Nullable Match match) {
    return everything != null || match == null ? everything : conditions.get(match);
  }
}
