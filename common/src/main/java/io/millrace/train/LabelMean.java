package io.millrace.train;

/** Weighted mean of the labels that train, folded in the order of workers. */
final class LabelMean {

  private LabelMean() {}

  /** The mean; the same bits on any cluster, since a worker's rows have one order. */
  static double of(Encoded rows) {
    double sum = 0;
    double weight = 0;
    for (double[] part : rows.map(LabelMean::part)) {
      sum += part[0];
      weight += part[1];
    }
    return sum / weight;
  }

  private static double[] part(Block block) {
    EncodedRows train = block.train();
    double[] part = new double[2];
    for (int i = 0; i < train.size(); i++) {
      part[0] += train.weight(i) * train.label(i);
      part[1] += train.weight(i);
    }
    return part;
  }
}
