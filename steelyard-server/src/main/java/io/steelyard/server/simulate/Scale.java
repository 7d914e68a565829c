package io.steelyard.server.simulate;

import java.util.ArrayList;
import java.util.List;

/**
 * An axis from 0, with a few round numbers on it.
 *
 * @param most where it ends
 * @param step from one mark to the next
 */
record Scale(double most, double step) {
  private static final int MARKS = 4;

  /** The axis that holds the largest of some values. */
  static Scale to(double largest) {
    double wanted = Double.isFinite(largest) && largest > 0 ? largest : 1;
    double power = Math.pow(10, Math.floor(Math.log10(wanted / MARKS)));
    double step = 10 * power;
    for (double round : new double[] {1, 2, 2.5, 5}) {
      if (round * power * MARKS >= wanted) {
        step = round * power;
        break;
      }
    }
    return new Scale(Math.ceil(wanted / step - 1e-9) * step, step);
  }

  /** The axis that ends where the values end, round or not. */
  static Scale until(double end) {
    return new Scale(end, to(end).step());
  }

  List<Double> marks() {
    var marks = new ArrayList<Double>();
    for (int i = 0; i * step <= most * (1 + 1e-9); i++) {
      marks.add(i * step);
    }
    return marks;
  }

  /** A mark as text, with as many decimals as the step has. */
  String text(double mark) {
    int places = (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
    return Figures.decimals(mark, step == Math.rint(step) ? 0 : Math.max(1, places));
  }
}
