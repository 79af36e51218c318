package io.millrace.report;

import java.util.ArrayList;
import java.util.List;

/**
 * From values to places along an axis, linear.
 *
 * @param low value at {@code from}
 * @param high value at {@code to}, above {@code low}
 * @param from pixel
 * @param to pixel
 */
record Scale(double low, double high, double from, double to) {

  /** A scale over the values, with a little air at both ends; of one value, around it. */
  static Scale over(double low, double high, double from, double to) {
    if (!(low <= high)) {
      return new Scale(0, 1, from, to);
    }
    double air = high > low ? 0.06 * (high - low) : Math.max(1e-6, Math.abs(high) * 0.1);
    return new Scale(low - air, high + air, from, to);
  }

  double at(double value) {
    return from + (to - from) * (value - low) / (high - low);
  }

  /** About so many round values within the scale: steps of 1, 2 or 5 times a power of ten. */
  List<Double> ticks(int about) {
    double rough = (high - low) / about;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double times = rough / power;
    double step = power * (times < 1.5 ? 1 : times < 3.5 ? 2 : times < 7.5 ? 5 : 10);
    List<Double> ticks = new ArrayList<>();
    long first = (long) Math.ceil(low / step - 1e-9);
    long last = (long) Math.floor(high / step + 1e-9);
    for (long i = first; i <= last; i++) {
      ticks.add(Math.rint(i * step * 1e12) / 1e12);
    }
    return ticks;
  }
}
