package io.millrace.train;

import io.millrace.model.Predictor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Area under the ROC curve by ranks (Hanley and McNeil 1982): the weighted share of pairs of a
 * positive and a negative row in which the positive scores higher; ties count half.
 */
final class RankAuc {

  private RankAuc() {}

  /** Score, label and weight of each row. */
  static double[][] scores(EncodedRows rows, Predictor predictor) {
    double[][] result = new double[rows.size()][];
    float[] slots = new float[rows.slots()];
    double[] out = new double[predictor.outputs()];
    for (int i = 0; i < result.length; i++) {
      rows.copy(i, slots);
      predictor.predict(slots, out);
      result[i] = new double[] {out[0], rows.label(i), rows.weight(i)};
    }
    return result;
  }

  /** The area over all parts. */
  static double of(List<double[][]> parts) {
    double[][] rows = parts.stream().flatMap(Arrays::stream).toArray(double[][]::new);
    // A stable sort of rows in the workers' order: ties keep one order on any cluster.
    Arrays.sort(rows, Comparator.comparingDouble(row -> row[0]));
    double below = 0;
    double positives = 0;
    double pairs = 0;
    for (int i = 0; i < rows.length; ) {
      double tiedNegatives = 0;
      double tiedPositives = 0;
      double score = rows[i][0];
      for (; i < rows.length && rows[i][0] == score; i++) {
        if (rows[i][1] == 1) {
          tiedPositives += rows[i][2];
        } else {
          tiedNegatives += rows[i][2];
        }
      }
      pairs += tiedPositives * (below + tiedNegatives / 2);
      below += tiedNegatives;
      positives += tiedPositives;
    }
    return pairs / (below * positives);
  }
}
