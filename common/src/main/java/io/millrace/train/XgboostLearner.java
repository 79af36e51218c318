package io.millrace.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.percentile;

import io.millrace.Task;
import io.millrace.config.AlgorithmSpec.Xgboost;
import io.millrace.model.XgboostTrees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Gradient-boosted trees by XGBoost, distributed over a barrier stage. */
record XgboostLearner(Xgboost spec, Task task, int classes, long seed, double quantileBase)
    implements Learner {

  private static final double LEAST_SHARE = 1e-6;

  /** The learner for these rows. */
  static XgboostLearner of(Xgboost spec, Placement placement, long seed) {
    double base = Double.NaN;
    if (spec.quantile().isPresent()) {
      base =
          placement
              .train()
              .agg(percentile(col(TrainingSet.LABEL), lit(spec.quantile().get())))
              .head()
              .getDouble(0);
    }
    TrainingSet set = placement.set();
    return new XgboostLearner(spec, set.task(), set.classes().size(), seed, base);
  }

  @Override
  public Learned fit(Encoded rows) {
    Map<String, Object> parameters =
        BoostParameters.of(spec, task, classes, rows.encoders(), baseScore(rows), seed);
    List<String> slotTypes = rows.encoders().slotTypes();
    BoostSettings settings =
        new BoostSettings(parameters, slotTypes, spec.rounds(), spec.earlyStopping().orElse(0));
    Boosted boosted = new BarrierJob(rows.blocks().rdd()).run(settings);
    byte[] json = BoosterJson.cut(boosted.json(), boosted.rounds());
    return new Learned(
        XgboostTrees.parse(json),
        sample -> libraryScores(json, settings, sample),
        OptionalInt.of(boosted.rounds()));
  }

  /** The weighted mean label, stated because XGBoost's own estimate is another in each release. */
  private double baseScore(Encoded rows) {
    if (task == Task.MULTI_CLASS) {
      return 0.5;
    }
    if (!Double.isNaN(quantileBase)) {
      return quantileBase;
    }
    double mean = LabelMean.of(rows);
    return task == Task.REGRESSION ? mean : Math.min(Math.max(mean, LEAST_SHARE), 1 - LEAST_SHARE);
  }

  private static double[][] libraryScores(byte[] json, BoostSettings settings, EncodedRows sample) {
    try {
      Booster booster = XGBoost.loadModel(json);
      DMatrix matrix = settings.matrix(sample);
      float[][] scores = booster.predict(matrix);
      matrix.dispose();
      booster.dispose();
      double[][] result = new double[scores.length][];
      for (int i = 0; i < scores.length; i++) {
        result[i] = new double[scores[i].length];
        for (int k = 0; k < scores[i].length; k++) {
          result[i][k] = scores[i][k];
        }
      }
      return result;
    } catch (XGBoostError e) {
      throw new IllegalStateException("XGBoost can't score with the model that it made", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
