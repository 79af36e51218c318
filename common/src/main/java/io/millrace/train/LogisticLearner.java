package io.millrace.train;

import io.millrace.Task;
import io.millrace.config.AlgorithmSpec.Logistic;
import io.millrace.model.Link;
import io.millrace.model.Numbers;
import io.millrace.model.Predictor;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Logistic regression, binary or multinomial: least mean log loss plus {@code regularization *
 * (elasticNet * |w|_1 + (1 - elasticNet) / 2 * |w|_2^2)} over the weights of the slots as encoded,
 * intercepts free. The objective of Spark MLlib's, and in tests its figures; MLlib itself adds in
 * the order in which tasks end and by a BLAS that depends on the JVM's options, so its last digits
 * differ between a local run and one of spark-submit, and it starts a job of Spark for every step.
 */
record LogisticLearner(Logistic spec, Task task, int classes) implements Learner {

  @Override
  public Learned fit(Encoded rows) {
    return fit(rows, RowSums.MOST_HERE);
  }

  Learned fit(Encoded rows, long mostHere) {
    int outputs = task == Task.BINARY ? 1 : classes;
    int slots = rows.encoders().slots();
    double[] found;
    Scaling scaling;
    try (RowSums sums = RowSums.of(rows, mostHere)) {
      scaling = Scaling.of(sums, slots, classes);
      found = fit(sums, scaling, outputs);
    }
    double[] plain = centred(scaling.plain(found, outputs), outputs, slots);
    Predictor predictor =
        new Predictor.Linear(
            Numbers.of(Arrays.copyOf(plain, outputs * slots)),
            Numbers.of(Arrays.copyOfRange(plain, outputs * slots, plain.length)),
            task == Task.BINARY ? Link.LOGISTIC : Link.SOFTMAX);
    return new Learned(
        predictor, sample -> scores(sample, scaling, found, outputs), OptionalInt.empty());
  }

  /** In the scale of {@code scaling}, where the steps are even in all directions. */
  private double[] fit(RowSums sums, Scaling scaling, int outputs) {
    LogisticLoss loss = new LogisticLoss(outputs, scaling.slots());
    double[] l1 = new double[loss.parameters()];
    double[] l2 = new double[loss.parameters()];
    for (int k = 0; k < outputs; k++) {
      for (int j = 0; j < scaling.slots(); j++) {
        double factor = scaling.factor(j);
        l1[k * scaling.slots() + j] = spec.regularization() * spec.elasticNet() * factor;
        l2[k * scaling.slots() + j] =
            spec.regularization() * (1 - spec.elasticNet()) * factor * factor;
      }
    }
    Minimizer.Smooth smooth =
        (x, gradient) -> {
          double[] plain = scaling.plain(x, outputs);
          double[] found = sums.sum(part -> loss.of(part, plain));
          scaling.gradient(found, gradient, outputs);
          double value = found[loss.parameters()] / scaling.weight();
          for (int i = 0; i < x.length; i++) {
            value += l2[i] / 2 * x[i] * x[i];
            gradient[i] += l2[i] * x[i];
          }
          return value;
        };
    return Minimizer.minimize(smooth, scaling.start(outputs), l1, spec.iterations());
  }

  /**
   * Of the many equal models of a multinomial the one whose intercepts, and without a penalty also
   * whose weights, are zero on the average.
   */
  private double[] centred(double[] parameters, int outputs, int slots) {
    if (outputs == 1) {
      return parameters;
    }
    double[] centred = parameters.clone();
    for (int j = spec.regularization() == 0 ? 0 : slots; j <= slots; j++) {
      int slot = j;
      int[] places =
          IntStream.range(0, outputs)
              .map(k -> slot < slots ? k * slots + slot : outputs * slots + k)
              .toArray();
      double mean = Arrays.stream(places).mapToDouble(i -> parameters[i]).sum() / outputs;
      for (int place : places) {
        centred[place] -= mean;
      }
    }
    return centred;
  }

  /**
   * In the scale of the fit and by arithmetic of its own: it is what the predictor's scores are
   * compared with.
   */
  private double[][] scores(EncodedRows sample, Scaling scaling, double[] found, int outputs) {
    float[] row = new float[sample.slots()];
    return IntStream.range(0, sample.size())
        .mapToObj(
            i -> {
              sample.copy(i, row);
              double[] scores = scaling.scores(row, found, outputs);
              return outputs == 1 ? new double[] {1 / (1 + Math.exp(-scores[0]))} : softmax(scores);
            })
        .toArray(double[][]::new);
  }

  private static double[] softmax(double[] scores) {
    double most = Arrays.stream(scores).max().orElseThrow();
    double[] odds = Arrays.stream(scores).map(score -> Math.exp(score - most)).toArray();
    double total = Arrays.stream(odds).sum();
    return Arrays.stream(odds).map(odd -> odd / total).toArray();
  }
}
