package io.steelyard.model;

import java.util.List;
import java.util.Locale;

/** What values a key takes. */
public sealed interface Kind {
  /** A single value that is written as one word. */
  enum Scalar implements Kind {
    INTEGER,
    NUMBER,
    BOOLEAN,
    TEXT,
    DURATION,
    SIZE,
    ADDRESS,
    SOCKETS,
    STATUSES,
    CIDR,
    RETRY_ON
  }

  /** One of some words. */
  record Choice(List<Enum<?>> constants) implements Kind {
    /** The words, in the order of the enum. */
    public List<String> words() {
      return constants.stream().map(Choice::word).toList();
    }

    /** How a constant is written: {@code IO_URING} as {@code io-uring}. */
    public static String word(Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** A map with the keys of a record. */
  record Section(Class<? extends Record> type) implements Kind {
    /** The keys. */
    public Shape<?> shape() {
      return Shape.of(type);
    }
  }

  /** A list. */
  record Items(Kind item) implements Kind {}

  /** A map from names that the user chooses. */
  record Named(Kind value) implements Kind {}

  /** A {@link BalancerSpec}: a name, or a map from one name to a map of options. */
  record NameWithOptions() implements Kind {}
}
