package io.millrace.train;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/**
 * Finds the least value of a convex function plus {@code sum(l1[i] * |x[i]|)}: L-BFGS (Nocedal and
 * Wright, Numerical Optimization, algorithm 7.5), with an L1 penalty its orthant-wise form OWL-QN
 * (Andrew and Gao, 2007). In plain doubles and one order of sums, so that the same function gives
 * the same bits on every machine; BLAS libraries choose theirs by the processor and by what the JVM
 * was started with.
 */
final class Minimizer {

  /** The smooth part. */
  interface Smooth {
    /**
     * @param gradient receives the gradient at {@code x}
     * @return the value at {@code x}
     */
    double at(double[] x, double[] gradient);
  }

  private static final int MEMORY = 10;
  private static final int PATIENCE = 5;
  private static final int MOST_STEPS = 40;
  private static final double FLAT = 1e-6;
  private static final double NO_GAIN = 1e-8;
  private static final double DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;

  private final Smooth function;
  private final double[] l1;
  private final boolean sparse;
  private final Deque<Pair> pairs = new ArrayDeque<>();

  private record Pair(double[] step, double[] change, double product) {}

  private record Point(double[] x, double value, double[] gradient) {}

  private Minimizer(Smooth function, double[] l1) {
    this.function = function;
    this.l1 = l1;
    this.sparse = Arrays.stream(l1).anyMatch(penalty -> penalty > 0);
  }

  /**
   * The point of the least value: where no element of the gradient exceeds 1e-6, or where five
   * iterations together gained less than 1e-8 of the value.
   *
   * @param start where to begin; not changed
   * @param l1 the L1 penalty of each element; none negative
   * @param iterations at the most
   */
  static double[] minimize(Smooth function, double[] start, double[] l1, int iterations) {
    return new Minimizer(function, l1).run(start, iterations);
  }

  private double[] run(double[] start, int iterations) {
    Point point = evaluate(start.clone());
    Deque<Double> values = new ArrayDeque<>();
    for (int i = 0; i < iterations; i++) {
      double[] slope = slope(point);
      if (greatest(slope) <= FLAT) {
        break;
      }
      double[] direction = direction(slope);
      double first = pairs.isEmpty() ? 1 / Math.max(1, Math.sqrt(dot(slope, slope))) : 1;
      Point next = search(point, slope, direction, first);
      if (next == null && !pairs.isEmpty()) {
        // What was learned of the curvature misleads here: once more from the gradient alone.
        pairs.clear();
        continue;
      }
      if (next == null) {
        break;
      }
      remember(point, next);
      values.addLast(point.value());
      point = next;
      if (values.size() == PATIENCE
          && values.removeFirst() - point.value() <= NO_GAIN * Math.abs(point.value())) {
        break;
      }
    }
    return point.x();
  }

  private Point evaluate(double[] x) {
    double[] gradient = new double[x.length];
    double value = function.at(x, gradient);
    if (sparse) {
      for (int i = 0; i < x.length; i++) {
        value += l1[i] * Math.abs(x[i]);
      }
    }
    return new Point(x, value, gradient);
  }

  /** The gradient; with a penalty that bends at zero, its steepest one-sided slope. */
  private double[] slope(Point point) {
    double[] slope = point.gradient().clone();
    for (int i = 0; sparse && i < slope.length; i++) {
      double x = point.x()[i];
      if (x != 0) {
        slope[i] += Math.signum(x) * l1[i];
      } else if (slope[i] + l1[i] < 0) {
        slope[i] += l1[i];
      } else if (slope[i] - l1[i] > 0) {
        slope[i] -= l1[i];
      } else {
        slope[i] = 0;
      }
    }
    return slope;
  }

  /** Downhill, by the two loops over the last steps. */
  private double[] direction(double[] slope) {
    double[] direction = slope.clone();
    double[] factors = new double[pairs.size()];
    int k = pairs.size();
    for (Iterator<Pair> newest = pairs.descendingIterator(); newest.hasNext(); ) {
      Pair pair = newest.next();
      factors[--k] = dot(pair.step(), direction) / pair.product();
      add(direction, -factors[k], pair.change());
    }
    if (!pairs.isEmpty()) {
      Pair last = pairs.getLast();
      double scale = last.product() / dot(last.change(), last.change());
      for (int i = 0; i < direction.length; i++) {
        direction[i] *= scale;
      }
    }
    for (Pair pair : pairs) {
      double factor = dot(pair.change(), direction) / pair.product();
      add(direction, factors[k++] - factor, pair.step());
    }
    for (int i = 0; i < direction.length; i++) {
      direction[i] = sparse && direction[i] * slope[i] <= 0 ? 0 : -direction[i];
    }
    return direction;
  }

  /**
   * A point with enough decrease and, where the function is smooth, enough change of slope (weak
   * Wolfe conditions, by bisection); null where there is none.
   */
  private Point search(Point from, double[] slope, double[] direction, double first) {
    double descent = dot(slope, direction);
    if (!(descent < 0)) {
      return null;
    }
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    double length = first;
    for (int i = 0; i < MOST_STEPS; i++) {
      Point to = evaluate(step(from, slope, direction, length));
      if (!(to.value() <= from.value() + DECREASE * expected(from, to, slope))) {
        high = length;
      } else if (!sparse && dot(to.gradient(), direction) < CURVATURE * descent) {
        low = length;
      } else {
        return to;
      }
      length = high < Double.POSITIVE_INFINITY ? (low + high) / 2 : 2 * low;
    }
    return null;
  }

  /** Along the direction; an element whose sign would turn stays at zero. */
  private double[] step(Point from, double[] slope, double[] direction, double length) {
    double[] x = from.x().clone();
    for (int i = 0; i < x.length; i++) {
      double side = x[i] != 0 ? Math.signum(x[i]) : -Math.signum(slope[i]);
      x[i] += length * direction[i];
      if (sparse && l1[i] > 0 && x[i] * side < 0) {
        x[i] = 0;
      }
    }
    return x;
  }

  private static double expected(Point from, Point to, double[] slope) {
    double sum = 0;
    for (int i = 0; i < slope.length; i++) {
      sum += slope[i] * (to.x()[i] - from.x()[i]);
    }
    return sum;
  }

  private void remember(Point from, Point to) {
    double[] step = difference(to.x(), from.x());
    double[] change = difference(to.gradient(), from.gradient());
    double product = dot(step, change);
    if (product > 1e-10 * dot(change, change)) {
      pairs.addLast(new Pair(step, change, product));
      if (pairs.size() > MEMORY) {
        pairs.removeFirst();
      }
    }
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = a.clone();
    add(difference, -1, b);
    return difference;
  }

  private static void add(double[] sum, double factor, double[] other) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * other[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double greatest(double[] values) {
    double greatest = 0;
    for (double value : values) {
      greatest = Math.max(greatest, Math.abs(value));
    }
    return greatest;
  }
}
