package io.millrace.train;

import io.millrace.model.Feature;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Of each class the rows of the least hashes, and how many there are: the same for any order of
 * adds and merges. Not safe for threads.
 */
final class LeastHashes implements Serializable {

  private static final long serialVersionUID = 1L;

  /** Of equal hashes the values decide, so that the order is that of the rows' content. */
  private static final Comparator<long[]> ORDER =
      Comparator.<long[]>comparingLong(row -> row[0]).thenComparing(Arrays::compare);

  private final int most;
  private final boolean[] numeric;
  private final long[] counts;
  private final long[] limits;

  /** By class: hash, label's bits, values' bits of each row. */
  private final List<ArrayList<long[]>> rows = new ArrayList<>();

  /**
   * @param most rows of a class that are kept
   * @param numeric by feature: whether its value is a double, else a long
   */
  LeastHashes(int classes, int most, boolean[] numeric) {
    this.most = most;
    this.numeric = numeric;
    this.counts = new long[classes];
    this.limits = new long[classes];
    Arrays.fill(limits, Long.MAX_VALUE);
    for (int k = 0; k < classes; k++) {
      rows.add(new ArrayList<>());
    }
  }

  /** Adds rows of hash, label and values. */
  LeastHashes addAll(Iterator<InternalRow> all) {
    while (all.hasNext()) {
      InternalRow row = all.next();
      double label = row.getDouble(1);
      int k = counts.length == 1 ? 0 : (int) label;
      if (k < 0 || k >= counts.length) {
        continue;
      }
      counts[k]++;
      long hash = row.getLong(0);
      if (hash <= limits[k]) {
        rows.get(k).add(copy(row, hash, label));
        if (rows.get(k).size() >= 2 * most) {
          cut(k);
        }
      }
    }
    for (int k = 0; k < counts.length; k++) {
      cut(k);
    }
    return this;
  }

  private long[] copy(InternalRow row, long hash, double label) {
    long[] copy = new long[numeric.length + 2];
    copy[0] = hash;
    copy[1] = Double.doubleToLongBits(label);
    for (int i = 0; i < numeric.length; i++) {
      boolean missing = row.isNullAt(i + 2);
      if (numeric[i]) {
        // plus zero: minus zero is zero
        double x = missing ? Double.NaN : row.getDouble(i + 2) + 0.0;
        copy[i + 2] = Double.doubleToLongBits(Double.isInfinite(x) ? Double.NaN : x);
      } else {
        copy[i + 2] = missing ? AuditSample.NO_CATEGORY : row.getLong(i + 2);
      }
    }
    return copy;
  }

  private void cut(int k) {
    ArrayList<long[]> ofClass = rows.get(k);
    ofClass.sort(ORDER);
    if (ofClass.size() > most) {
      ofClass.subList(most, ofClass.size()).clear();
      limits[k] = ofClass.get(most - 1)[0];
    }
  }

  LeastHashes merge(LeastHashes other) {
    for (int k = 0; k < counts.length; k++) {
      counts[k] += other.counts[k];
      rows.get(k).addAll(other.rows.get(k));
      cut(k);
    }
    return this;
  }

  /** What is kept, by feature; the classes one after the other, each by hash. */
  AuditSample toSample(List<Feature> features) {
    int size = rows.stream().mapToInt(List::size).sum();
    long[][] values = new long[features.size()][size];
    double[] label = new double[size];
    double[] weight = new double[size];
    byte[] fold = new byte[size];
    int at = 0;
    for (int k = 0; k < counts.length; k++) {
      for (long[] row : rows.get(k)) {
        label[at] = Double.longBitsToDouble(row[1]);
        weight[at] = (double) counts[k] / rows.get(k).size();
        fold[at] = (byte) (row[0] & 1);
        for (int i = 0; i < values.length; i++) {
          values[i][at] = row[i + 2];
        }
        at++;
      }
    }
    return new AuditSample(features, values, label, weight, fold, Arrays.stream(counts).sum());
  }
}
