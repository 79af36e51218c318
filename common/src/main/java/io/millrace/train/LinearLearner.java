package io.millrace.train;

import io.millrace.config.AlgorithmSpec.Linear;
import io.millrace.model.Link;
import io.millrace.model.Numbers;
import io.millrace.model.Predictor;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Linear regression: least half mean squared error plus {@code regularization * (elasticNet * |w|_1
 * + (1 - elasticNet) / (2 * s) * |w|_2^2)}, {@code s} being the label's deviation, over the weights
 * of the slots as encoded; the intercept is free. Spark MLlib's objective and, in tests, its
 * figures; MLlib adds in the order in which tasks end, so its last digits differ between machines.
 */
record LinearLearner(Linear spec) implements Learner {

  @Override
  public Learned fit(Encoded rows) {
    return fit(rows, RowSums.MOST_HERE, NormalEquations.MOST_SLOTS);
  }

  /**
   * A model of the rows.
   *
   * @param mostSlots up to which the rows are passed over twice; beyond, once for each step
   */
  Learned fit(Encoded rows, long mostHere, int mostSlots) {
    int slots = rows.encoders().slots();
    try (RowSums sums = RowSums.of(rows, mostHere)) {
      SlotMoments moments = SlotMoments.of(sums, slots);
      if (moments.labelDeviation() == 0) {
        return learned(moments, new double[slots]);
      }
      return learned(moments, slots <= mostSlots ? atOnce(sums, moments) : bySteps(sums, moments));
    }
  }

  private double[] atOnce(RowSums sums, SlotMoments moments) {
    NormalEquations equations = NormalEquations.of(sums, moments);
    double[] l2 = l2(moments);
    double[] closed = spec.elasticNet() * spec.regularization() == 0 ? equations.solve(l2) : null;
    return closed != null ? closed : least(moments, equations::value, l2);
  }

  private double[] bySteps(RowSums sums, SlotMoments moments) {
    SquaredLoss loss = new SquaredLoss(moments);
    return least(
        moments,
        (x, gradient) -> loss.mean(sums.sum(part -> loss.of(part, x)), gradient),
        l2(moments));
  }

  private double[] least(SlotMoments moments, Minimizer.Smooth error, double[] l2) {
    double[] l1 = new double[l2.length];
    Arrays.setAll(
        l1,
        j ->
            spec.regularization()
                * spec.elasticNet()
                * moments.factor(j)
                / moments.labelDeviation());
    Minimizer.Smooth smooth =
        (x, gradient) -> {
          double value = error.at(x, gradient);
          for (int j = 0; j < x.length; j++) {
            value += l2[j] / 2 * x[j] * x[j];
            gradient[j] += l2[j] * x[j];
          }
          return value;
        };
    return Minimizer.minimize(smooth, new double[l2.length], l1, spec.iterations());
  }

  /** In units of the deviations of slots and label. */
  private double[] l2(SlotMoments moments) {
    double strength = spec.regularization() * (1 - spec.elasticNet()) / moments.labelDeviation();
    double[] l2 = new double[moments.slots()];
    Arrays.setAll(l2, j -> strength * moments.factor(j) * moments.factor(j));
    return l2;
  }

  private static Learned learned(SlotMoments moments, double[] scaled) {
    double[] plain = moments.plain(scaled);
    Predictor predictor =
        new Predictor.Linear(
            Numbers.of(Arrays.copyOf(plain, scaled.length)),
            Numbers.of(plain[scaled.length]),
            Link.IDENTITY);
    return new Learned(predictor, sample -> scores(sample, moments, scaled), OptionalInt.empty());
  }

  /** By arithmetic of its own: it is what the predictor's scores are compared with. */
  private static double[][] scores(EncodedRows sample, SlotMoments moments, double[] scaled) {
    float[] row = new float[sample.slots()];
    return IntStream.range(0, sample.size())
        .mapToObj(
            i -> {
              sample.copy(i, row);
              double score = 0;
              for (int j = 0; j < scaled.length; j++) {
                score += scaled[j] * (row[j] - moments.means()[j]) * moments.factor(j);
              }
              return new double[] {moments.labelMean() + moments.labelDeviation() * score};
            })
        .toArray(double[][]::new);
  }
}
