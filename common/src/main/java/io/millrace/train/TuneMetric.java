package io.millrace.train;

import io.millrace.SpecException;
import io.millrace.Task;
import io.millrace.config.AlgorithmSpec;
import io.millrace.model.Predictor;
import java.util.List;
import java.util.Optional;

/** A weighted metric of the rows that tune, folded in the order of workers. */
enum TuneMetric {
  LOG_LOSS("log-loss", false),
  AUC("auc", true),
  RMSE("rmse", false),
  MAE("mae", false),
  PINBALL("pinball", false);

  private static final double LEAST_PROBABILITY = 1e-15;

  private final String word;
  private final boolean greaterIsBetter;

  TuneMetric(String word, boolean greaterIsBetter) {
    this.word = word;
    this.greaterIsBetter = greaterIsBetter;
  }

  /** The metric's name in the spec. */
  String word() {
    return word;
  }

  /** Whether {@code value} is better than {@code best}. */
  boolean better(double value, double best) {
    return greaterIsBetter ? value > best : value < best;
  }

  /** The worst value there is. */
  double worst() {
    return greaterIsBetter ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  /**
   * The metric of that name, or the task's default: log-loss, rmse, or pinball for a quantile.
   *
   * @throws SpecException when the task has no such metric
   */
  static TuneMetric of(Optional<String> name, Task task, AlgorithmSpec algorithm) {
    boolean quantile = algorithm instanceof AlgorithmSpec.Xgboost s && s.quantile().isPresent();
    List<TuneMetric> fitting =
        switch (task) {
          case BINARY -> List.of(LOG_LOSS, AUC);
          case MULTI_CLASS -> List.of(LOG_LOSS);
          case REGRESSION -> quantile ? List.of(PINBALL) : List.of(RMSE, MAE);
        };
    return name.isEmpty()
        ? fitting.get(0)
        : fitting.stream()
            .filter(metric -> metric.word.equals(name.get()))
            .findFirst()
            .orElseThrow(
                () ->
                    new SpecException(
                        "train.tune.metric: "
                            + name.get()
                            + " doesn't fit this task; use one of "
                            + fitting.stream().map(TuneMetric::word).toList()));
  }

  /**
   * The value of a predictor's scores.
   *
   * @param quantile of {@link #PINBALL}
   */
  double of(Encoded rows, Predictor predictor, double quantile) {
    if (this == AUC) {
      return RankAuc.of(rows.map(block -> RankAuc.scores(block.tune(), predictor)));
    }
    double sum = 0;
    double weight = 0;
    for (double[] part : rows.map(block -> part(block.tune(), predictor, quantile))) {
      sum += part[0];
      weight += part[1];
    }
    return this == RMSE ? Math.sqrt(sum / weight) : sum / weight;
  }

  private double[] part(EncodedRows tune, Predictor predictor, double quantile) {
    float[] slots = new float[tune.slots()];
    double[] scores = new double[predictor.outputs()];
    double[] part = new double[2];
    for (int i = 0; i < tune.size(); i++) {
      tune.copy(i, slots);
      predictor.predict(slots, scores);
      part[0] += tune.weight(i) * loss(scores, tune.label(i), quantile);
      part[1] += tune.weight(i);
    }
    return part;
  }

  private double loss(double[] scores, double label, double quantile) {
    double error = label - scores[0];
    return switch (this) {
      case LOG_LOSS -> -StrictMath.log(Math.max(likelihood(scores, label), LEAST_PROBABILITY));
      case RMSE -> error * error;
      case MAE -> Math.abs(error);
      case PINBALL -> error >= 0 ? quantile * error : (quantile - 1) * error;
      case AUC -> throw new IllegalStateException("AUC is no mean of losses");
    };
  }

  private static double likelihood(double[] scores, double label) {
    if (scores.length > 1) {
      return scores[(int) label];
    }
    return label == 1 ? scores[0] : 1 - scores[0];
  }
}
