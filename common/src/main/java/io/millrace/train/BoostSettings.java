package io.millrace.train;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * Everything that a worker must be told.
 *
 * @param parameters XGBoost's, every one that matters stated
 * @param slotTypes {@code q} or {@code c} by slot
 * @param rounds at the most
 * @param patience rounds without a better loss on the rows that tune before it stops; 0: never
 */
record BoostSettings(
    Map<String, Object> parameters, List<String> slotTypes, int rounds, int patience)
    implements Serializable {

  /** XGBoost's copy of the rows; missing is NaN. */
  DMatrix matrix(EncodedRows rows) throws XGBoostError {
    DMatrix matrix = new DMatrix(rows.values(), rows.size(), rows.slots(), Float.NaN);
    matrix.setLabel(rows.floatLabels());
    matrix.setWeight(rows.floatWeights());
    matrix.setFeatureTypes(slotTypes.toArray(String[]::new));
    return matrix;
  }
}
