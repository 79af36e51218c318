package io.millrace.train;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the fewest features whose linear combination is the label, by least squares (modified
 * Gram-Schmidt) on at most some thousand rows: what holds for all of them to nine digits is no
 * chance.
 *
 * @param features indices of the sample's features, in its order
 * @param coefficients by feature
 * @param r2 share of the label's variance that is explained
 * @param rows how many rows were looked at
 */
record ExactCombination(List<Integer> features, double[] coefficients, double r2, int rows) {

  /** From this share of the label's variance on, a combination is the label. */
  static final double LEAST_R2 = 1 - 1e-9;

  private static final int MOST_ROWS = 4_000;
  private static final int MOST_FEATURES = 300;
  private static final double COLLINEAR = 1e-9;

  /** A part of the label that is less than this is none. */
  private static final double NOTHING = 1e-6;

  /** The combination; empty where there is none, or one feature does alone. */
  static Optional<ExactCombination> of(AuditSample sample) {
    List<Integer> candidates = new ArrayList<>();
    int rows = Math.min(sample.rows(), MOST_ROWS);
    for (int i = 0; i < sample.features().size() && candidates.size() < MOST_FEATURES; i++) {
      if (sample.isNumeric(i) && isWhole(sample, i, rows)) {
        candidates.add(i);
      }
    }
    if (rows < 3 * (candidates.size() + 1)) {
      return Optional.empty();
    }
    double[] label = centred(java.util.Arrays.copyOf(sample.label(), rows));
    ExactCombination all = fit(sample, candidates, label);
    if (all.r2 < LEAST_R2) {
      return Optional.empty();
    }
    ExactCombination least = all.withoutNeedless(sample, label);
    return least.features.size() < 2 ? Optional.empty() : Optional.of(least);
  }

  /** {@code 1 × casual + 1 × registered}. */
  String words(List<String> names) {
    StringBuilder words = new StringBuilder();
    for (int j = 0; j < coefficients.length; j++) {
      String size =
          BigDecimal.valueOf(Math.abs(coefficients[j]))
              .round(new MathContext(6))
              .stripTrailingZeros()
              .toPlainString();
      String sign = coefficients[j] < 0 ? " - " : " + ";
      words.append(j == 0 ? (coefficients[j] < 0 ? "-" : "") : sign);
      words.append(size).append(" × ").append(names.get(j));
    }
    return words.toString();
  }

  private static boolean isWhole(AuditSample sample, int feature, int rows) {
    for (int i = 0; i < rows; i++) {
      if (sample.isMissing(feature, i)) {
        return false;
      }
    }
    return true;
  }

  private ExactCombination withoutNeedless(AuditSample sample, double[] label) {
    double size = Math.sqrt(dot(label, label));
    List<Integer> weighty = new ArrayList<>();
    for (int j = 0; j < coefficients.length; j++) {
      double[] x = column(sample, features.get(j), label.length);
      if (Math.abs(coefficients[j]) * Math.sqrt(dot(x, x)) > NOTHING * size) {
        weighty.add(features.get(j));
      }
    }
    ExactCombination rough = fit(sample, weighty, label);
    ExactCombination least = rough.r2 >= LEAST_R2 ? rough : this;
    for (int feature : least.features) {
      List<Integer> fewer = new ArrayList<>(least.features);
      fewer.remove(Integer.valueOf(feature));
      ExactCombination fitted = fit(sample, fewer, label);
      if (fitted.r2 >= LEAST_R2) {
        least = fitted;
      }
    }
    return least;
  }

  /** Least squares with an intercept; features that others of them give already count 0. */
  private static ExactCombination fit(AuditSample sample, List<Integer> features, double[] label) {
    int n = features.size();
    double[][] basis = new double[n][];
    double[][] steps = new double[n][n];
    double[] shares = new double[n];
    double[] rest = label.clone();
    for (int j = 0; j < n; j++) {
      double[] x = column(sample, features.get(j), label.length);
      double norm = Math.sqrt(dot(x, x));
      for (int i = 0; i < j; i++) {
        if (basis[i] != null) {
          steps[i][j] = dot(basis[i], x);
          subtract(x, steps[i][j], basis[i]);
        }
      }
      double left = Math.sqrt(dot(x, x));
      if (left > COLLINEAR * norm) {
        steps[j][j] = left;
        for (int r = 0; r < x.length; r++) {
          x[r] /= left;
        }
        basis[j] = x;
        shares[j] = dot(x, rest);
        subtract(rest, shares[j], x);
      }
    }
    double[] coefficients = new double[n];
    for (int j = n - 1; j >= 0; j--) {
      if (basis[j] != null) {
        double sum = shares[j];
        for (int i = j + 1; i < n; i++) {
          sum -= steps[j][i] * coefficients[i];
        }
        coefficients[j] = sum / steps[j][j];
      }
    }
    double all = dot(label, label);
    return new ExactCombination(
        List.copyOf(features),
        coefficients,
        all == 0 ? 0 : 1 - dot(rest, rest) / all,
        label.length);
  }

  private static double[] column(AuditSample sample, int feature, int rows) {
    double[] x = new double[rows];
    for (int i = 0; i < rows; i++) {
      x[i] = sample.number(feature, i);
    }
    return centred(x);
  }

  private static double[] centred(double[] x) {
    double mean = 0;
    for (double value : x) {
      mean += value / x.length;
    }
    for (int i = 0; i < x.length; i++) {
      x[i] -= mean;
    }
    return x;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void subtract(double[] x, double times, double[] y) {
    for (int i = 0; i < x.length; i++) {
      x[i] -= times * y[i];
    }
  }
}
