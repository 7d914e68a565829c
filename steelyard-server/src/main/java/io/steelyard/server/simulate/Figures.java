package io.steelyard.server.simulate;

import java.util.Locale;

/** Writes figures for people: the same everywhere, whatever the machine's language. */
final class Figures {
  /** Stands for what is not known or does not apply. */
  static final String NONE = "-";

  private Figures() {}

  static String decimals(double number, int places) {
    return Double.isNaN(number) ? NONE : String.format(Locale.ROOT, "%." + places + "f", number);
  }

  /** Nanoseconds as milliseconds, three digits or more. */
  static String millis(double nanos) {
    double millis = nanos / 1e6;
    return decimals(millis, millis >= 100 ? 0 : millis >= 10 ? 1 : 2);
  }

  static String seconds(long nanos) {
    return decimals(nanos / 1e9, 1);
  }

  static String percent(double share) {
    return Double.isNaN(share) ? NONE : decimals(share * 100, 1) + " %";
  }
}
