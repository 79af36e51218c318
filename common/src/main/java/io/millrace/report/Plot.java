package io.millrace.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A chart of lines and dots over two axes, as shapes in pixels; {@code plot.jte} draws it.
 *
 * @param description what a reader who can't see it is told
 * @param diagonal whether the line x = y is drawn, dashed
 */
record Plot(
    String title,
    String description,
    String xLabel,
    String yLabel,
    List<Tick> xTicks,
    List<Tick> yTicks,
    List<Line> lines,
    String diagonal) {

  static final int WIDTH = 270;
  static final int HEIGHT = 200;
  static final int LEFT = 44;
  static final int RIGHT = 10;
  static final int TOP = 10;
  static final int BOTTOM = 36;

  /** A mark on an axis; its label starts, has its middle or ends there. */
  record Tick(double at, String label, String anchor) {

    static Tick of(double at, String label) {
      return new Tick(at, label, "middle");
    }
  }

  /**
   * A series of points.
   *
   * @param style {@code main}, {@code other}, {@code base}: colour and dashes
   * @param x ascending, or as a curve goes
   * @param marks whether points are drawn as dots
   */
  record Series(String name, String style, List<Point> points, boolean joined, boolean marks) {}

  /**
   * A point; an interval of {@code y} where {@code low} isn't NaN.
   *
   * @param hollow drawn as a ring: not final, or known later only
   */
  record Point(double x, double y, double low, double high, boolean hollow, String told) {

    static Point of(double x, double y) {
      return new Point(x, y, Double.NaN, Double.NaN, false, "");
    }
  }

  /** A series in pixels: the path of its line, empty for none, and its dots. */
  record Line(String name, String style, String path, List<Dot> dots) {}

  /** A dot in pixels; a whisker where {@code top} isn't NaN. */
  record Dot(double x, double y, double top, double bottom, boolean hollow, String told) {}

  /** A chart over given axes: {@code [low, high]} of x and y. */
  static Plot of(
      String title,
      String description,
      Axis xAxis,
      Axis yAxis,
      List<Series> series,
      Diagonal diagonal) {
    Scale xs = new Scale(xAxis.low(), xAxis.high(), LEFT, WIDTH - RIGHT);
    Scale ys = new Scale(yAxis.low(), yAxis.high(), HEIGHT - BOTTOM, TOP);
    List<Line> lines = series.stream().map(s -> line(s, xs, ys)).toList();
    String diagonalPath = diagonal == Diagonal.DRAWN ? diagonal(xs, ys) : "";
    return new Plot(
        title,
        description,
        xAxis.label(),
        yAxis.label(),
        xAxis.ticks(xs),
        yAxis.ticks(ys),
        lines,
        diagonalPath);
  }

  /** Whether the line x = y is drawn. */
  enum Diagonal {
    DRAWN,
    ABSENT
  }

  /**
   * An axis.
   *
   * @param names by whole number from 0: names in place of numbers; empty for numbers
   */
  record Axis(String label, double low, double high, List<String> names) {

    /** From 0 to 1. */
    static Axis unit(String label) {
      return new Axis(label, 0, 1, List.of());
    }

    /** Over all values that are numbers. */
    static Axis over(String label, DoubleStream values) {
      double[] found = values.filter(Double::isFinite).sorted().toArray();
      if (found.length == 0) {
        return unit(label);
      }
      Scale scale = Scale.over(found[0], found[found.length - 1], 0, 1);
      return new Axis(label, scale.low(), scale.high(), List.of());
    }

    /** Of names, evenly. */
    static Axis of(String label, List<String> names) {
      return new Axis(label, -0.5, Math.max(0.5, names.size() - 0.5), names);
    }

    private List<Tick> ticks(Scale scale) {
      if (names.isEmpty()) {
        return scale.ticks(5).stream().map(v -> Tick.of(scale.at(v), Format.number(v))).toList();
      }
      List<Tick> ticks = new ArrayList<>();
      int last = names.size() - 1;
      if (last > 0) {
        ticks.add(new Tick(scale.at(0), names.get(0), "start"));
      }
      ticks.add(new Tick(scale.at(last), names.get(last), last > 0 ? "end" : "middle"));
      return ticks;
    }
  }

  /** Every y of the series, with the ends of intervals. */
  static DoubleStream heights(List<Series> series) {
    return series.stream()
        .flatMap(s -> s.points().stream())
        .flatMap(p -> Stream.of(p.y(), p.low(), p.high()))
        .mapToDouble(Double::doubleValue);
  }

  private static Line line(Series series, Scale xs, Scale ys) {
    List<Dot> dots =
        series.marks()
            ? series.points().stream().map(point -> dot(point, xs, ys)).toList()
            : List.of();
    String path = series.joined() ? path(series.points(), xs, ys) : "";
    return new Line(series.name(), series.style(), path, dots);
  }

  private static Dot dot(Point p, Scale xs, Scale ys) {
    return new Dot(
        xs.at(p.x()), ys.at(p.y()), ys.at(p.high()), ys.at(p.low()), p.hollow(), p.told());
  }

  /** The line through the points; a point that is no number leaves a gap. */
  static String path(List<Point> points, Scale xs, Scale ys) {
    StringBuilder path = new StringBuilder();
    boolean down = false;
    for (Point point : points) {
      if (!Double.isFinite(point.y())) {
        down = false;
        continue;
      }
      path.append(down ? 'L' : 'M').append(Format.px(xs.at(point.x())));
      path.append(' ').append(Format.px(ys.at(point.y())));
      down = true;
    }
    return path.toString();
  }

  private static String diagonal(Scale xs, Scale ys) {
    double low = Math.max(xs.low(), ys.low());
    double high = Math.min(xs.high(), ys.high());
    return path(List.of(Point.of(low, low), Point.of(high, high)), xs, ys);
  }
}
