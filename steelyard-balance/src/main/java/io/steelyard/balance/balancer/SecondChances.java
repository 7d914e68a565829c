package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;
import java.util.Arrays;

/**
 * Sees to it that an endpoint that was slow once is tried again. Who is not chosen is not measured,
 * and who is not measured stays slow for ever: traefik#12306, where one of five equal endpoints got
 * 5 of 1,500 requests.
 *
 * <p>An endpoint with nothing in flight that this event loop has passed over for patience ×
 * endpoints choices gets the next one; its answer then counts for all that was measured before.
 * While it is not chosen on its merits, each further chance takes twice as long as the one before,
 * {@value #MOST_DOUBLINGS} times, so that an endpoint that stays slow gets less and less. At most
 * one choice in {@code patience} is given so, to all endpoints together.
 *
 * <p><b>Cost.</b> {@value #CHECKED} endpoints are looked at per choice. 9 bytes per endpoint.
 */
final class SecondChances {
  static final String RULE = "passed over for long and idle: gets a second chance";

  private static final int CHECKED = 2;
  private static final int MOST_DOUBLINGS = 4;

  private final Endpoint[] endpoints;
  private final long patience;

  /** At which choice each was chosen last. */
  private final long[] last;

  private final byte[] doublings;
  private final boolean[] onTrial;

  /** Only differences count: it may wrap. */
  private long choices;

  private int cursor;

  SecondChances(Endpoint[] endpoints, long patience) {
    this.endpoints = endpoints;
    this.patience = patience * endpoints.length;
    this.last = new long[endpoints.length];
    this.doublings = new byte[endpoints.length];
    this.onTrial = new boolean[endpoints.length];
  }

  /** The position of one that is due and accepted, or -1. Changes nothing. */
  int due(Selection selection) {
    int position = cursor;
    for (int i = 0; i < CHECKED && position < endpoints.length; i++) {
      if (isDue(position) && selection.accepts(endpoints[position])) {
        return position;
      }
      position = position + 1 == endpoints.length ? 0 : position + 1;
    }
    return -1;
  }

  private boolean isDue(int position) {
    return choices - last[position] > patience << doublings[position]
        && endpoints[position].state().inFlight() == 0;
  }

  /** The endpoint at this position is chosen. */
  void chosen(int position, boolean wasDue) {
    choices++;
    last[position] = choices;
    if (wasDue) {
      doublings[position] = (byte) Math.min(doublings[position] + 1, MOST_DOUBLINGS);
      onTrial[position] = true;
    } else {
      doublings[position] = 0;
    }
    for (int i = 0; i < CHECKED; i++) {
      cursor = cursor + 1 >= endpoints.length ? 0 : cursor + 1;
    }
  }

  /** Whether the endpoint has been given a second chance whose outcome is not known yet. */
  boolean isOnTrial(int position) {
    return onTrial[position];
  }

  /** A lease of the endpoint was closed: whether it was the second chance's. */
  boolean endTrial(int position) {
    boolean ended = onTrial[position];
    onTrial[position] = false;
    return ended;
  }

  /** Lets the count of choices begin elsewhere, to see it wrap. */
  void startAt(long choice) {
    choices = choice;
    Arrays.fill(last, choice);
  }
}
