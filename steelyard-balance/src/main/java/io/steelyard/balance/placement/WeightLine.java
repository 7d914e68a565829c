package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import java.util.Arrays;

/** Endpoints side by side on a line, each as long as its weight. */
final class WeightLine {
  private final Endpoint[] endpoints;

  /** Where each one's part ends; empty when all are of the same length. */
  private final long[] ends;

  private final int width;
  private final long length;

  WeightLine(Endpoint[] endpoints) {
    this.endpoints = endpoints;
    long[] sums = new long[endpoints.length];
    long sum = 0;
    boolean isEven = true;
    for (int i = 0; i < endpoints.length; i++) {
      sum += endpoints[i].weight();
      sums[i] = sum;
      isEven &= endpoints[i].weight() == endpoints[0].weight();
    }
    length = sum;
    width = isEven && endpoints.length > 0 ? endpoints[0].weight() : 0;
    ends = isEven ? new long[0] : sums;
  }

  /** The sum of all weights. */
  long length() {
    return length;
  }

  /** Whose part a point from 0 to length - 1 is in: the position of the endpoint. */
  int position(long point) {
    if (width > 0) {
      return (int) (point / width);
    }
    int found = Arrays.binarySearch(ends, point);
    return found >= 0 ? found + 1 : -found - 1;
  }

  Endpoint at(long point) {
    return endpoints[position(point)];
  }
}
