package io.millrace.benchmarks;

import io.millrace.Task;
import io.millrace.config.FeaturesSpec.FeatureKind;
import io.millrace.model.Encoder;
import io.millrace.model.Encoders;
import io.millrace.model.Feature;
import io.millrace.model.FeatureSchema;
import io.millrace.model.Model;
import io.millrace.model.XgboostTrees;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Rows of normal numbers and a binary booster over them. */
final class ScoringData {

  static final int COLUMNS = 20;
  static final int TREES = 100;
  static final int DEPTH = 6;
  private static final int TRAINING_ROWS = 50_000;

  private ScoringData() {}

  static List<String> columns() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < COLUMNS; i++) {
      names.add("x" + i);
    }
    return names;
  }

  /** Writes {@code rows} rows of an id and the columns as Parquet, in four files. */
  static void write(SparkSession spark, long rows, String path) {
    List<Column> columns = new ArrayList<>();
    columns.add(functions.col("id"));
    for (int i = 0; i < COLUMNS; i++) {
      columns.add(functions.randn(i).as("x" + i));
    }
    spark.range(0, rows, 1, 4).select(columns.toArray(Column[]::new)).write().parquet(path);
  }

  /** A booster whose label hangs on many columns, so that its trees are full. */
  static Booster booster() throws XGBoostError {
    Random random = new Random(1);
    float[] rows = new float[TRAINING_ROWS * COLUMNS];
    float[] labels = new float[TRAINING_ROWS];
    for (int r = 0; r < TRAINING_ROWS; r++) {
      double sum = random.nextGaussian();
      for (int c = 0; c < COLUMNS; c++) {
        float x = (float) random.nextGaussian();
        rows[r * COLUMNS + c] = x;
        sum += Math.sin(x * (c + 1)) + x * rows[r * COLUMNS + c / 2];
      }
      labels[r] = sum > COLUMNS / 2.0 ? 1 : 0;
    }
    DMatrix matrix = new DMatrix(rows, TRAINING_ROWS, COLUMNS, Float.NaN);
    matrix.setLabel(labels);
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("objective", "binary:logistic");
    parameters.put("max_depth", DEPTH);
    parameters.put("eta", 0.1);
    return XGBoost.train(matrix, parameters, TREES, new HashMap<>(), null, null);
  }

  /** The booster as a model of ours. */
  static Model model(Booster booster) throws XGBoostError {
    List<Feature> features =
        columns().stream().map(name -> new Feature(name, FeatureKind.NUMERIC)).toList();
    Encoders encoders =
        new Encoders(
            new FeatureSchema(features), Collections.nCopies(COLUMNS, Encoder.Numeric.AS_IS));
    return new Model(
        Task.BINARY,
        List.of("no", "yes"),
        encoders,
        XgboostTrees.parse(booster.toByteArray("json")));
  }
}
