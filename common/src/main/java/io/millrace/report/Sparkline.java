package io.millrace.report;

import io.millrace.report.Plot.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A line the height of a word; {@code sparkline.jte} draws it.
 *
 * @param path of the line, in pixels; empty where there are less than two values
 * @param x of the last value
 * @param y of the last value
 */
record Sparkline(String title, String description, String path, double x, double y) {

  static final int WIDTH = 120;
  static final int HEIGHT = 24;

  /** Through the values, oldest first; NaN is passed over. */
  static Sparkline of(String title, double... values) {
    double[] found = Arrays.stream(values).filter(Double::isFinite).toArray();
    if (found.length < 2) {
      return new Sparkline(title, "fewer than two values", "", Double.NaN, Double.NaN);
    }
    double low = Arrays.stream(found).min().getAsDouble();
    double high = Arrays.stream(found).max().getAsDouble();
    Scale xs = new Scale(0, values.length - 1.0, 3, WIDTH - 4.0);
    Scale ys = Scale.over(low, high, HEIGHT - 3.0, 3);
    List<Point> points = new ArrayList<>();
    int last = 0;
    for (int i = 0; i < values.length; i++) {
      if (Double.isFinite(values[i])) {
        points.add(Point.of(i, values[i]));
        last = i;
      }
    }
    String told =
        String.format(
            Locale.ROOT,
            "%d values from %s to %s, the last %s",
            found.length,
            Format.number(low),
            Format.number(high),
            Format.number(values[last]));
    return new Sparkline(title, told, Plot.path(points, xs, ys), xs.at(last), ys.at(values[last]));
  }
}
