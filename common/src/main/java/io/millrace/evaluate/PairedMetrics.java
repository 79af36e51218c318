package io.millrace.evaluate;

import io.millrace.Task;
import io.millrace.stats.Chance;
import io.millrace.stats.ChiSquare;
import io.millrace.stats.Moments;
import io.millrace.stats.PairedAuc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Figures of two models on the same rows, and whether they differ by more than chance. Of an AUC by
 * DeLong's test for paired areas; of a mean over rows by the mean of the rows' own differences and
 * its standard error (normal approximation). Differences that chance alone would give somewhere
 * among so many figures are told by Benjamini's and Hochberg's rate.
 */
public final class PairedMetrics {

  private PairedMetrics() {}

  /**
   * A row with the scores of both models.
   *
   * @param label 1 or 0 of two classes, the number of a regression; not read of several classes
   * @param before of two classes the probability of the positive one, of a regression the number,
   *     of several classes the probability of the true one and 1 where it was the likeliest, else 0
   * @param slices values of the slice columns, in their order
   */
  public record Scored(double label, double[] before, double[] after, List<String> slices) {}

  /**
   * A figure of both.
   *
   * @param pValue chance of such a difference between models that are equally good; absent where
   *     there are too few rows to say
   * @param rate share of false ones among all figures that differ as clearly or more
   */
  public record Paired(
      String metric,
      Slice slice,
      double before,
      double after,
      OptionalDouble pValue,
      OptionalDouble rate,
      long rows) {}

  /**
   * All figures: all rows first, then by slice.
   *
   * @param columns names of the slice columns
   * @param threshold from which probability on the positive class is predicted
   */
  public static List<Paired> of(
      Task task, List<Scored> rows, List<String> columns, double threshold) {
    Map<Slice, List<Scored>> slices = new LinkedHashMap<>();
    slices.put(Slice.ALL, rows);
    for (int i = 0; i < columns.size(); i++) {
      Map<String, List<Scored>> byValue = new TreeMap<>();
      for (Scored row : rows) {
        byValue.computeIfAbsent(row.slices().get(i), v -> new ArrayList<>()).add(row);
      }
      String column = columns.get(i);
      byValue.forEach((value, of) -> slices.put(new Slice(column, value), of));
    }
    List<Paired> all = new ArrayList<>();
    slices.forEach((slice, of) -> all.addAll(of(task, slice, of, threshold)));
    return rated(all);
  }

  private static List<Paired> of(Task task, Slice slice, List<Scored> rows, double threshold) {
    List<Paired> found = new ArrayList<>();
    if (task == Task.BINARY) {
      auc(slice, rows, found);
    }
    List<String> names = names(task);
    for (int i = 0; i < names.size(); i++) {
      Moments before = new Moments();
      Moments after = new Moments();
      Moments difference = new Moments();
      for (Scored row : rows) {
        double one = figure(task, i, row.label(), row.before(), threshold);
        double other = figure(task, i, row.label(), row.after(), threshold);
        before.add(one);
        after.add(other);
        difference.add(other - one);
      }
      boolean root = names.get(i).equals("rmse");
      double one = before.mean().orElseThrow();
      double other = after.mean().orElseThrow();
      found.add(
          new Paired(
              names.get(i),
              slice,
              root ? Math.sqrt(one) : one,
              root ? Math.sqrt(other) : other,
              pValue(difference),
              OptionalDouble.empty(),
              rows.size()));
    }
    return found;
  }

  private static void auc(Slice slice, List<Scored> rows, List<Paired> found) {
    boolean[] positive = new boolean[rows.size()];
    double[] before = new double[rows.size()];
    double[] after = new double[rows.size()];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = rows.get(i).label() == 1;
      before[i] = rows.get(i).before()[0];
      after[i] = rows.get(i).after()[0];
    }
    PairedAuc.of(positive, before, after)
        .ifPresent(
            auc ->
                found.add(
                    new Paired(
                        "auc",
                        slice,
                        auc.before(),
                        auc.after(),
                        OptionalDouble.of(auc.pValue()),
                        OptionalDouble.empty(),
                        rows.size())));
  }

  private static List<String> names(Task task) {
    return switch (task) {
      case BINARY -> List.of("log-loss", "brier", "accuracy");
      case MULTI_CLASS -> List.of("log-loss", "accuracy");
      case REGRESSION -> List.of("rmse", "mae");
    };
  }

  /** What one row adds to the mean of a figure. */
  private static double figure(
      Task task, int figure, double label, double[] score, double threshold) {
    return switch (task) {
      case BINARY ->
          switch (figure) {
            case 0 -> Losses.log(label == 1 ? score[0] : 1 - score[0]);
            case 1 -> (score[0] - label) * (score[0] - label);
            default -> score[0] >= threshold == (label == 1) ? 1 : 0;
          };
      case MULTI_CLASS -> figure == 0 ? Losses.log(score[0]) : score[1];
      case REGRESSION ->
          figure == 0 ? (score[0] - label) * (score[0] - label) : Math.abs(score[0] - label);
    };
  }

  private static OptionalDouble pValue(Moments difference) {
    if (difference.count() < 2) {
      return OptionalDouble.empty();
    }
    double mean = difference.mean().orElseThrow();
    double variance = difference.variance().orElseThrow() / difference.count();
    if (mean == 0) {
      return OptionalDouble.of(1);
    }
    return variance == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(ChiSquare.survival(mean * mean / variance, 1));
  }

  private static List<Paired> rated(List<Paired> all) {
    int[] tested =
        java.util.stream.IntStream.range(0, all.size())
            .filter(i -> all.get(i).pValue().isPresent())
            .toArray();
    double[] values =
        Arrays.stream(tested).mapToDouble(i -> all.get(i).pValue().getAsDouble()).toArray();
    double[] rates = Chance.falseDiscoveryRates(values);
    List<Paired> rated = new ArrayList<>(all);
    for (int i = 0; i < tested.length; i++) {
      Paired one = all.get(tested[i]);
      rated.set(
          tested[i],
          new Paired(
              one.metric(),
              one.slice(),
              one.before(),
              one.after(),
              one.pValue(),
              OptionalDouble.of(rates[i]),
              one.rows()));
    }
    return List.copyOf(rated);
  }
}
